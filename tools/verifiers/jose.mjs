// Judges compact JWS by jose: credentials as VC-JWT, and signed Open Badges 2.0.
// jose checks signature and dates. The key comes from where the standard says it is.

import {compactVerify, decodeJwt, decodeProtectedHeader, importJWK, importSPKI, jwtVerify} from 'jose';
import {documentLoader} from './documents.mjs';
import {read} from './network.mjs';
import {status} from './digitalbazaar.mjs';

const algorithms = ['RS256', 'ES256'];

export async function verdict(token) {
  try {
    const payload = decodeJwt(token);
    return payload.verification ? await signed(token, payload) : await credential(token, payload);
  } catch(error) {
    return {reason: `${error.code ?? error.name}: ${error.message}`};
  }
}

// credential judges a VC-JWT (Open Badges 3.0, section 8.2).
async function credential(token, {issuer}) {
  const {kid, alg} = decodeProtectedHeader(token);
  if(kid.split('#')[0] !== issuer.id) {
    return {reason: `the key ${kid} is not the issuer's`};
  }
  const {document: method} = await documentLoader(kid);
  const key = await importJWK(method.publicKeyJwk, alg);
  const {payload} = await jwtVerify(token, key, {algorithms, issuer: issuer.id});
  const wrong = claims(payload);
  if(wrong || !payload.credentialStatus) {
    return {reason: wrong};
  }
  return status(payload);
}

// claims compares the registered claims with the members of the credential that they
// repeat (Open Badges 3.0, section 8.2.3).
function claims({exp, iss, jti, nbf, sub, id, issuer, credentialSubject, validFrom, validUntil}) {
  const seconds = date => date && Math.floor(Date.parse(date) / 1000);
  const pairs = {
    iss: [iss, issuer.id], jti: [jti, id], sub: [sub, credentialSubject.id],
    nbf: [nbf, seconds(validFrom)], exp: [exp, seconds(validUntil)]
  };
  const wrong = Object.entries(pairs).filter(([, [claim, member]]) => claim !== member);
  return wrong.map(([name, [claim, member]]) => `${name} is ${claim}, not ${member}`).join('; ');
}

// signed judges a signed assertion (Open Badges 2.0, section 5.2).
async function signed(token, {badge, verification: {creator}}) {
  const {id, owner, publicKeyPem} = await read(creator, 'application/ld+json, application/json');
  await compactVerify(token, await importSPKI(publicKeyPem, 'RS256'), {algorithms: ['RS256']});
  const {issuer} = await read(badge, 'application/ld+json, application/json');
  const {publicKey} = await read(issuer, 'application/ld+json, application/json');
  if(id !== creator || owner !== issuer || ![publicKey].flat().includes(creator)) {
    return {reason: `the key ${creator} is not the issuer's`};
  }
  return {};
}
