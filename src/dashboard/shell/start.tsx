// Entry point of the page: renders it; the only module with side effects on import.
import '@preact/signals';
import { render } from 'preact';
import { followLocation } from '../state/route.ts';
import { separateOrigin } from '../state/sandbox.ts';
import { App } from './app.tsx';

separateOrigin.value = 'apart' in document.documentElement.dataset;
followLocation();
render(<App />, document.body);
