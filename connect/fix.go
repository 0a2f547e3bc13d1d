package connect

import "github.com/insigne-badges/insigne/lti"

// Fix is what an administrator can do about a refused launch or login.
type Fix string

// The fixes.
const (
	FixAgain      Fix = "again"      // try again: an isolated failure
	FixClocks     Fix = "clocks"     // set the two servers' clocks
	FixCookies    Fix = "cookies"    // look at the person's browser
	FixKeys       Fix = "keys"       // look at the platform's key set
	FixRegister   Fix = "register"   // mend the registration on one side or the other
	FixDeployment Fix = "deployment" // decide about the deployment here
	FixLink       Fix = "link"       // mend the activity in the course
	FixPerson     Fix = "person"     // look at who the person is in the LMS
	FixLMS        Fix = "lms"        // the LMS does not follow the standard
)

// Key names the sentence that says it.
func (f Fix) Key() string { return "diagnosis.fix." + string(f) }

var fixes = map[lti.Reason]Fix{
	lti.PlatformRefused: FixAgain, lti.StateMissing: FixAgain, lti.StateUnknown: FixAgain, lti.NonceWrong: FixAgain,
	lti.BrowserMismatch: FixCookies,
	lti.TokenExpired:    FixClocks, lti.ClockSkew: FixClocks, lti.TokenOld: FixClocks,
	lti.KeyUnknown: FixKeys, lti.KeyWeak: FixKeys, lti.KeysUnavailable: FixKeys, lti.SignatureInvalid: FixKeys,
	lti.RegistrationUnknown: FixRegister, lti.ClientAmbiguous: FixRegister, lti.IssuerWrong: FixRegister,
	lti.AudienceWrong: FixRegister, lti.PartyWrong: FixRegister,
	lti.DeploymentPending: FixDeployment,
	lti.TargetForeign:     FixLink, lti.ResourceLinkMissing: FixLink,
	lti.SubjectMissing: FixPerson, lti.RoleForbidden: FixPerson, lti.RolesMissing: FixPerson,
}

// FixOf returns what an administrator can do about a reason.
func FixOf(reason lti.Reason) Fix {
	if f, ok := fixes[reason]; ok {
		return f
	}
	return FixLMS
}
