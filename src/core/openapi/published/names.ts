// Names of parameters and fields in one spelling: `next_page-token` and `nextPageToken` mean the same.

/** A name in lower case, without what separates its words. */
export function plainName(name: string): string {
  return name.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
