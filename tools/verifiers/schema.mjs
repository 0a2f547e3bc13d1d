// Judges documents of Open Badges 3.0 by ajv with the official JSON schemas.

import addFormats from 'ajv-formats';
import {Ajv2019} from 'ajv/dist/2019.js';
import {schema} from './network.mjs';

const ajv = new Ajv2019({allErrors: true, strict: false});
addFormats.default(ajv);

const credential = schema('ob_v3p0_achievementcredential_schema.json');
const profile = schema('ob_v3p0_profile_schema.json');
ajv.addSchema([credential, profile]);

const schemas = {
  credential: {$ref: credential.$id},
  achievement: {$ref: `${credential.$id}#/$defs/Achievement`},
  profile: {$ref: profile.$id}
};

export async function verdict(document, {schema: name}) {
  const validate = ajv.compile(schemas[name]);
  if(validate(JSON.parse(document))) {
    return {};
  }
  return {reason: validate.errors.map(({instancePath, message, params}) => `${instancePath} ${message} ${JSON.stringify(params)}`).join('; ')};
}
