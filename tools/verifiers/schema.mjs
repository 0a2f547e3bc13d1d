// Judges documents of Open Badges 3.0 by ajv with the official JSON schemas.

import addFormats from 'ajv-formats';
import {Ajv2019} from 'ajv/dist/2019.js';
import {schema} from './network.mjs';

const ajv = new Ajv2019({allErrors: true, strict: false});
addFormats.default(ajv);

const credential = schema('ob_v3p0_achievementcredential_schema.json');
const profile = schema('ob_v3p0_profile_schema.json');
ajv.addSchema([credential, profile]);

// judge returns a judge by one schema.
function judge(address) {
  const validate = ajv.compile({$ref: address});
  return {
    async verdict(document) {
      validate(JSON.parse(document));
      return {reason: (validate.errors ?? []).map(text).join('; ')};
    }
  };
}

function text({instancePath, message, params}) {
  return `${instancePath} ${message} ${JSON.stringify(params)}`;
}

export const credentials = judge(credential.$id);
export const achievements = judge(`${credential.$id}#/$defs/Achievement`);
export const profiles = judge(profile.$id);
