// Starts the page; the only module that does something when it is loaded.
import { render } from 'preact';
import { followAddress } from '../state/route.ts';
import { apart } from '../state/sandbox.ts';
import { App } from './app.tsx';

apart.value = 'apart' in document.documentElement.dataset;
followAddress();
render(<App />, document.body);
