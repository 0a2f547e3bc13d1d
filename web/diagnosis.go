package web

import (
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
)

// noteRefusal keeps why a launch was refused. Anybody can send launches, so
// that only so many are kept in a time.
func (s *Server) noteRefusal(r *http.Request, err error) {
	refusal, ok := errors.AsType[*lti.Error](err)
	if !ok || !s.refusals.AllowN(s.Now(), 1) {
		return
	}
	note := store.LaunchNote{Reason: refusal.Reason, Platform: badges.PlatformID(refusal.Registration), Detail: refusal.Detail}
	ctx := r.Context()
	if err := s.Store.Tx(ctx, func(tx *store.Tx) error { return tx.NoteRefusal(ctx, note) }); err != nil {
		s.Log.ErrorContext(ctx, "refused launch not noted", "error", err)
	}
}

// launchesShown is how many launches the diagnosis page lists.
const launchesShown = 100

// diagnosisData is the administrator's page about launches.
type diagnosisData struct {
	Launches []launchRow
	Logins   []refusedLogin // what did not get as far as a launch
}

type launchRow struct {
	store.LaunchNote

	Platform    string // its name; empty when it is not known
	SkewSeconds int
	Skewed      bool     // the clocks differ by more than they should
	Fix         fix      // what to do about it
	Services    []string // offered by a launch that succeeded, as keys of the catalogue
}

// skewWorthTelling is half of what makes a launch fail.
const skewWorthTelling = 30 * time.Second

func (s *Server) diagnosisPage(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	locale := s.locale(r, nil)
	rememberLanguage(w, r, locale)
	platforms, err := s.Store.Platforms(r.Context())
	if err != nil {
		return err
	}
	names := map[badges.PlatformID]string{}
	for _, p := range platforms {
		names[p.ID] = p.Name
	}
	notes, err := s.Store.Launches(r.Context(), launchesShown)
	if err != nil {
		return err
	}
	data := diagnosisData{Logins: s.refused.latest()}
	for _, n := range notes {
		data.Launches = append(data.Launches, launchRow{
			LaunchNote: n, Platform: names[n.Platform], SkewSeconds: int(n.Skew / time.Second),
			Skewed: n.Skew.Abs() > skewWorthTelling, Fix: fixOf(n.Reason), Services: servicesOf(n.Scopes),
		})
	}
	return s.render(w, r, locale, "admin/diagnosis", admin.page(locale.T("diagnosis.title", nil), data))
}

// servicesOf names what scopes are for.
func servicesOf(scopes []string) []string {
	var keys []string
	for _, service := range []struct{ scope, key string }{
		{lti.ScopeMemberships, "diagnosis.roster"},
		{lti.ScopeLineItem, "diagnosis.columns"},
		{lti.ScopeScore, "diagnosis.scores"},
		{lti.ScopeResult, "diagnosis.results"},
	} {
		if slices.Contains(scopes, service.scope) {
			keys = append(keys, service.key)
		}
	}
	return keys
}

// fix is what an administrator can do, as the end of a catalogue key.
type fix string

// The fixes.
const (
	fixAgain      fix = "again"      // an isolated failure
	fixClocks     fix = "clocks"     // the two servers' clocks
	fixCookies    fix = "cookies"    // the person's browser
	fixKeys       fix = "keys"       // the platform's key set
	fixRegister   fix = "register"   // the registration on one side or the other
	fixDeployment fix = "deployment" // an administrator's decision here
	fixLink       fix = "link"       // the activity in the course
	fixPerson     fix = "person"     // who the person is in the LMS
	fixLMS        fix = "lms"        // the LMS does not follow the standard
)

var fixes = map[lti.Reason]fix{
	lti.PlatformRefused: fixAgain, lti.StateMissing: fixAgain, lti.StateUnknown: fixAgain, lti.NonceWrong: fixAgain,
	lti.BrowserMismatch: fixCookies,
	lti.TokenExpired:    fixClocks, lti.ClockSkew: fixClocks, lti.TokenOld: fixClocks,
	lti.KeyUnknown: fixKeys, lti.KeyWeak: fixKeys, lti.KeysUnavailable: fixKeys, lti.SignatureInvalid: fixKeys,
	lti.RegistrationUnknown: fixRegister, lti.ClientAmbiguous: fixRegister, lti.IssuerWrong: fixRegister,
	lti.AudienceWrong: fixRegister, lti.PartyWrong: fixRegister,
	lti.DeploymentPending: fixDeployment,
	lti.TargetForeign:     fixLink, lti.ResourceLinkMissing: fixLink,
	lti.SubjectMissing: fixPerson, lti.RoleForbidden: fixPerson, lti.RolesMissing: fixPerson,
}

// fixOf says what an administrator can do about a reason.
func fixOf(reason lti.Reason) fix {
	if f, ok := fixes[reason]; ok {
		return f
	}
	return fixLMS
}
