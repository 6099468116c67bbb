// `npm run docs`: writes the pages of docs/ that are made from the code. A test says when one is out of date.
import {writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {cataloguePage} from '../source/diagnosis/catalogue.ts';

writeFileSync(fileURLToPath(new URL('../docs/findings.md', import.meta.url)), cataloguePage());
