// Starts the page; the only module that does something when it is loaded.
import { render } from 'preact';
import { followAddress } from '../live/place.ts';
import { apart } from '../live/world.ts';
import { App } from './app.tsx';

apart.value = 'apart' in document.documentElement.dataset;
followAddress();
render(<App />, document.body);
