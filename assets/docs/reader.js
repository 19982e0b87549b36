// Starts swagger-ui with one document, authorized with the keys of the selected sandbox.
/* global SwaggerUIBundle */
const place = document.getElementById('reader');
const { url, authorize, tryable } = JSON.parse(place.dataset.reading);
const prefer = document.getElementById('prefer');

// swagger-ui uses its dark colours when the root element has this class.
const dark = matchMedia('(prefers-color-scheme: dark)');
const shade = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', shade);
shade();

/** A stream never ends, so swagger-ui would never show its response. */
const streams = (operation) => operation?.getIn(['responses', '200', 'content', 'text/event-stream']) !== undefined;

const offered = () => ({
  statePlugins: {
    spec: {
      wrapSelectors: {
        allowTryItOutFor: (_original, system) => (_state, path, method) =>
          tryable && !streams(system.specSelectors.specJson().getIn(['paths', path, method])),
      },
    },
  },
});

const ui = SwaggerUIBundle({
  domNode: place,
  url,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
  plugins: [offered],
  requestInterceptor: (request) => {
    if (!request.loadSpec && prefer?.value) request.headers.Prefer = prefer.value;
    return request;
  },
  onComplete: () => {
    for (const [scheme, value] of Object.entries(authorize)) ui.preauthorizeApiKey(scheme, value);
    place.dataset.ready = '';
  },
});
