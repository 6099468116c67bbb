// `npm run docs`: writes the pages, and the section of the readme, that are made from the code. A test says when one is out of date.
import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {withCommands} from '../source/commands/call/readme-section.ts';
import {cataloguePage} from '../source/diagnosis/catalogue.ts';
import {writeSection} from './doc-section.ts';
import {neededSection} from './needed-section.ts';

const file = (path: string): string => fileURLToPath(new URL(`../${path}`, import.meta.url));

writeFileSync(file('docs/findings.md'), cataloguePage());
writeFileSync(file('readme.md'), withCommands(readFileSync(file('readme.md'), 'utf8')));
writeSection(file('docs/security.md'), 'needed', neededSection());
