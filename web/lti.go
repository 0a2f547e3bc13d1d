package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
)

func (s *Server) ltiRoutes(r *mux.Router) {
	r.Handle(LoginPath, s.embedded(s.ltiLogin)).Methods(http.MethodGet, http.MethodPost)
	r.Handle(LaunchPath, s.embedded(s.ltiLaunch)).Methods(http.MethodPost)
	r.Handle(KeysPath, s.public(s.ltiKeys)).Methods(http.MethodGet, http.MethodHead)
	r.Handle(connect.RegisterPath, s.embedded(s.registerPage)).Methods(http.MethodGet)
	r.Handle(connect.RegisterPath, s.embedded(s.register)).Methods(http.MethodPost)
}

// The paths a platform knows.
const (
	LoginPath  = "/lti/login"
	LaunchPath = "/lti/launch"
	KeysPath   = "/lti/jwks.json"
)

// embedded serves the pages an LMS opens in a frame before anybody is known.
// Any origin may embed them: which LMS it is turns out only later, and a page
// the LMS cannot show would hide the very error it explains.
func (s *Server) embedded(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		securityHeaders(w, "*")
		allowForm(w, "*") // a login initiation sent by a form goes on to the LMS
		if err := h(w, r); err != nil {
			s.problem(w, r, err, nil)
		}
	})
}

// probeCookie tells whether this browser keeps our cookies where we are: a
// platform's launch works once, so that it is too late to find out afterwards.
const (
	probeCookie = "__Host-insigne-probe"
	probeField  = "insigne_probe"
)

// ltiLogin answers a login initiation with a redirect to the platform, once it
// is known that cookies survive.
func (s *Server) ltiLogin(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	if !s.logins.AllowN(s.Now(), 1) {
		return errBusy
	}
	_, err := r.Cookie(probeCookie)
	framed := r.Header.Get("Sec-Fetch-Dest") == "iframe"
	switch {
	case err != nil && r.Form.Get(probeField) != "":
		return s.keepInTab(w, r)
	case err != nil && framed:
		return s.probe(w, r)
	}
	request := lti.ParseLoginRequest(r.Form)
	redirect, err := s.Tool.Login(r.Context(), request)
	if err != nil {
		s.Diagnosis.NoteLogin(request, err)
		return err
	}
	setProbe(w)
	http.SetCookie(w, redirect.Cookie)
	http.Redirect(w, r, redirect.URL, http.StatusFound)
	return nil
}

func setProbe(w http.ResponseWriter) {
	http.SetCookie(w, &http.Cookie{ //nolint:gosec // SameSite=None on purpose: the LMS's page is another site
		Name: probeCookie, Value: "1", Path: "/", MaxAge: 365 * 24 * 60 * 60,
		Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	})
}

// cookiesData is the page between a login initiation and the platform.
type cookiesData struct {
	Fields []field // the login's parameters, to be sent again
}

type field struct{ Name, Value string }

// loginFields are the parameters of a login initiation that travel on.
var loginFields = []string{"iss", "client_id", "login_hint", "lti_message_hint", "lti_deployment_id", "target_link_uri", storageTarget}

// probe sets a cookie and has the page come back with the same parameters. If
// it comes back without the cookie, the tab itself has to remember.
func (s *Server) probe(w http.ResponseWriter, r *http.Request) error {
	setProbe(w)
	data := cookiesData{Fields: append(formFields(r, loginFields), field{probeField, "1"})}
	locale := s.locale(r, nil)
	return s.render(w, r, locale, "launch/cookies", templates.Page{Title: locale.T("cookies.title", nil), Data: data})
}

// ltiLaunch starts a session for whoever the platform vouches for.
func (s *Server) ltiLaunch(w http.ResponseWriter, r *http.Request) error {
	if err := parseForm(r); err != nil {
		return err
	}
	cookie := func(name string) string {
		c, err := r.Cookie(name)
		if err != nil {
			return ""
		}
		return c.Value
	}
	state, proof := r.PostForm.Get("state"), r.PostForm.Get(proofField)
	inTab := state != "" && cookie(lti.CookieName(state)) == ""
	if inTab && !r.PostForm.Has(proofField) {
		return s.askTab(w, r)
	}
	// A proof is what our own page read in this tab. From any other page it is
	// somebody's own, and would sign this browser in as them.
	if proof != "" && r.Header.Get("Sec-Fetch-Site") != "same-origin" {
		return &lti.Error{Reason: lti.BrowserMismatch}
	}
	who, page, err := s.welcome(r, lti.LaunchRequest{
		IDToken: r.PostForm.Get("id_token"), State: state, Error: r.PostForm.Get("error"), Cookie: cookie, Proof: proof,
	})
	if err != nil {
		s.noteRefusal(r, err)
		return err
	}
	if inTab {
		return s.startTab(w, r, who, page)
	}
	http.SetCookie(w, lti.SpentCookie(state))
	if err := s.sessions.start(w, r, who); err != nil {
		return err
	}
	return seeOther(w, r, who.Path(page))
}

// welcome notes the course and the person, asks for the course to be read, and
// returns the session with the page it begins at: one transaction, in which the
// login is used up.
func (s *Server) welcome(r *http.Request, launched lti.LaunchRequest) (who Session, page string, err error) {
	ctx := r.Context()
	verified, err := s.Tool.Verify(ctx, launched)
	if err != nil {
		return Session{}, "", err
	}
	var back string
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		launch, err := verified.Redeem(ctx, tx)
		if err != nil {
			return err
		}
		back = launch.ReturnURL
		if who, err = s.newSession(launch); err != nil {
			return err
		}
		if launch.Context != nil {
			if err := arrive(ctx, tx, launch, who); err != nil {
				return err
			}
		}
		named, err := linkedBadge(ctx, tx, who.Course, badges.BadgeID(launch.Custom[customBadge]))
		if err != nil {
			return err
		}
		if err := s.Columns.Take(ctx, tx, launch, who.Course, named); err != nil {
			return err
		}
		page, err = s.landing(ctx, tx, launch, who, named)
		return err
	})
	if err != nil && back != "" {
		err = &stranded{err, back}
	}
	return who, page, err
}

func (s *Server) newSession(launch lti.Launch) (Session, error) {
	csrf, err := newToken(s.Rand)
	if err != nil {
		return Session{}, err
	}
	who := Session{
		Course: badges.CourseKey{Platform: badges.PlatformID(launch.Registration.ID)}, User: badges.UserID(launch.User),
		Language: launch.Language, FramedBy: strings.Join(launch.Origins(), " "), CSRF: csrf,
		Began: s.Now().UnixMilli(),
	}
	if launch.Context != nil {
		who.Course.Context, who.Title = badges.ContextID(launch.Context.ID), shortened(launch.Context.Title)
		who.Teacher = launch.Roles.Instructor()
		who.Mentor = launch.Roles.Mentor() && len(launch.MentorOf) > 0
	}
	who.Handle = s.sessions.handle(who.Course, who.User)
	return who, nil
}

// shortened cuts a title that is longer than a page would show.
func shortened(title string) string {
	const longest = 120
	if runes := []rune(title); len(runes) > longest {
		return string(runes[:longest-1]) + "…"
	}
	return title
}

// arrive notes who came to which course, and has the course read.
func arrive(ctx context.Context, tx *store.Tx, launch lti.Launch, who Session) error {
	if launch.PlatformName != "" && launch.PlatformName != launch.Registration.Name {
		if err := tx.NamePlatform(ctx, who.Course.Platform, launch.PlatformName); err != nil {
			return err
		}
	}
	return tx.Arrive(ctx, store.Arrival{
		Course:   badges.Course{CourseKey: who.Course, Title: launch.Context.Title, Label: launch.Context.Label},
		Services: launch.Services, History: readHistory(launch.Custom[customHistory]),
		Member: badges.Member{
			User: who.User, Name: launch.Name, Email: launch.Email, Language: launch.Language,
			Active: true, Teaches: launch.Roles.Instructor() || launch.Roles.TestUser(),
		},
		Watches: watchedBy(launch),
	})
}

// watchedBy lists the learners that a mentor follows; for others, nobody.
func watchedBy(launch lti.Launch) []badges.UserID {
	if !launch.Roles.Mentor() {
		return nil
	}
	learners := make([]badges.UserID, len(launch.MentorOf))
	for i, learner := range launch.MentorOf {
		learners[i] = badges.UserID(learner)
	}
	return learners
}

// landing is the page a launch opens: the choice of what to place, the learner
// to review, the badge of this course that the link names, or the course's page
// for the role.
func (s *Server) landing(ctx context.Context, tx *store.Tx, launch lti.Launch, who Session, named badges.BadgeID) (string, error) {
	switch launch.Message {
	case lti.DeepLinkingRequest:
		return s.startPlacement(ctx, tx, launch, who)
	case lti.SubmissionReviewRequest:
		return "/learners/" + url.PathEscape(launch.Reviewed), nil
	case lti.ResourceLinkRequest:
	}
	switch {
	case named == "":
		return homeOf(who), nil
	case who.Teacher:
		return "/badges/" + string(named), nil
	default:
		return "/mine/" + string(named), nil
	}
}

// linkedBadge is the badge of this course that a link names: itself, or the
// copy of the one in the course that this one was copied from. It is empty
// without one.
func linkedBadge(ctx context.Context, tx *store.Tx, course badges.CourseKey, named badges.BadgeID) (badges.BadgeID, error) {
	if named == "" || course.Context == "" {
		return "", nil
	}
	_, err := tx.Badge(ctx, course, named)
	if fault.Is(err, fault.NotFound) {
		named, err = tx.CopyOf(ctx, course, named)
	}
	if fault.Is(err, fault.NotFound) {
		return "", nil // deleted, or not taken over
	}
	return named, err
}

// ltiKeys serves the tool's public keys.
func (s *Server) ltiKeys(w http.ResponseWriter, r *http.Request) error {
	keys, err := s.Tool.PublicKeys(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=300")
	return writeBytes(w, "application/json", keys)
}
