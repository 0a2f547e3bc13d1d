// Judges a JSON-LD document by jsonld in safe mode: a term without a meaning, which a
// signature would not cover, is an error.

import jsonld from 'jsonld';
import {contextLoader} from './documents.mjs';

export async function verdict(document) {
  try {
    const expanded = await jsonld.expand(JSON.parse(document), {documentLoader: contextLoader, safe: true});
    return {reason: expanded.length === 1 ? '' : `expands to ${expanded.length} nodes`};
  } catch(error) {
    return {reason: `${error.message} ${JSON.stringify(error.details ?? {})}`};
  }
}
