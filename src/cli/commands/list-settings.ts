// The flags that lists share: how many to show, and since when.
import { flag, text, wholeNumber } from '../values.ts';

export const limitSetting = flag('number', wholeNumber(1, 9999), 'how many to list at most; 100 by default');

export const sinceSetting = flag('id|time', text, 'only those after this request, or since this time (ISO 8601)');
