// Judges a credential with an embedded proof by @learncard/init, as judge.mjs does, for
// one line:
//
//   {"document": "base64"}
//   {"valid": true, "reason": "", "notes": []}

import {readFile} from 'node:fs/promises';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {initLearnCard} from '@learncard/init';

console.log = console.info = console.error;

// The wallet would fetch this file from its maker's host.
const wasm = new URL('didkit_wasm_bg.wasm', import.meta.resolve('@learncard/didkit-plugin'));
const wallet = await initLearnCard({didkit: await readFile(fileURLToPath(wasm))});

const {document} = JSON.parse(await text(process.stdin));
const credential = JSON.parse(Buffer.from(document, 'base64').toString('utf8'));
const {checks = [], warnings = [], errors = []} = await wallet.invoke.verifyCredential(credential, {checks: ['proof', 'credentialStatus']});
process.stdout.write(JSON.stringify({valid: errors.length === 0, reason: errors.join('; '), notes: [...checks, ...warnings]}) + '\n');
process.exit(0); // the wallet keeps timers
