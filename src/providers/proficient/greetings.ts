// Renders greeting templates: the subset of Handlebars that Proficient's documentation shows.

/** `{{ path }}` or `{{{ path }}}`; block, partial and comment tags do not match and are left unchanged. */
const PLACEHOLDER = /(?<!\{)(?:\{\{\{\s*([\w.]+)\s*\}\}\}|\{\{\s*([\w.]+)\s*\}\})(?!\})/g;

/** The objects available to a template, in their API form. */
interface Scope {
  readonly user: object;
  readonly agent: object;
}

/** Renders a template. Values are not escaped, unknown paths render as '' (our choice). */
export function renderGreeting(template: string, scope: Scope): string {
  return template.replace(PLACEHOLDER, (tag, triple: string | undefined, double: string | undefined) => {
    const path = (triple ?? double) as string;
    // `else` belongs to block tags, which are left unchanged.
    return path === 'else' ? tag : valueAt(scope, path);
  });
}

function valueAt(scope: Scope, path: string): string {
  const [root = '', field = '', ...deeper] = path.split('.');
  const object = root === 'user' || root === 'agent' ? scope[root] : {};
  return deeper.length === 0 && Object.hasOwn(object, field) ? String((object as Record<string, unknown>)[field]) : '';
}
