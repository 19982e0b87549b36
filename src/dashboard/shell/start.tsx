// Starts the page; the only module that does something when it is loaded.
import { render } from 'preact';
import { followLocation } from '../state/route.ts';
import { separateOrigin } from '../state/sandbox.ts';
import { App } from './app.tsx';

separateOrigin.value = 'apart' in document.documentElement.dataset;
followLocation();
render(<App />, document.body);
