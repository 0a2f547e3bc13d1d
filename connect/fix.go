package connect

import "github.com/insigne-badges/insigne/lti"

// Fix is how an administrator can correct the cause of a refused launch or login.
type Fix string

// The fixes.
const (
	FixAgain      Fix = "again"      // try again: it happened once
	FixClocks     Fix = "clocks"     // set the two servers' clocks
	FixCookies    Fix = "cookies"    // look at the settings of the person's browser
	FixKeys       Fix = "keys"       // look at the platform's key set
	FixRegister   Fix = "register"   // correct the registration in the LMS or here
	FixDeployment Fix = "deployment" // decide about the deployment in Insigne
	FixLink       Fix = "link"       // correct the activity in the course
	FixPerson     Fix = "person"     // look at the person's account in the LMS
	FixLMS        Fix = "lms"        // the LMS does not follow the standard
)

// Key returns the catalogue key of the sentence that explains the fix.
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

// FixOf returns the fix for a reason.
func FixOf(reason lti.Reason) Fix {
	if f, ok := fixes[reason]; ok {
		return f
	}
	return FixLMS
}
