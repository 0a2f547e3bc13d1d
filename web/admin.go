package web

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
)

func (s *Server) adminRoutes(r *mux.Router) {
	get := func(path string, h adminHandler) {
		r.Handle(path, s.admin(h)).Methods(http.MethodGet, http.MethodHead)
	}
	post := func(path string, h adminHandler) {
		r.Handle(path, s.admin(h)).Methods(http.MethodPost)
	}
	const platform = "/admin/platforms/{platform:[0-9a-f-]{36}}"
	r.Handle(connect.SignInPath+"{token}", s.public(s.signInPage)).Methods(http.MethodGet, http.MethodHead)
	r.Handle(connect.SignInPath+"{token}", s.public(s.signIn)).Methods(http.MethodPost)
	get("/admin", s.adminHome)
	post("/admin/invitations", s.newInvitation)
	get(platform, s.platformPage)
	post(platform+"/service", s.saveService)
	post(platform+"/check", s.checkService)
	post(platform+"/issuers", s.saveIssuer)
	post(platform+"/sync", s.syncCourse)
	post(platform+"/deployments", s.decideDeployment)
	post(platform+"/connection", s.testConnection)
	get(platform+"/arrival", s.arrival)
	post("/admin/invitations/revoke", s.revokeInvitation)
	get("/admin/tool", s.toolPage)
	post("/admin/tool/platforms", s.addPlatform)
	post("/admin/tool/keys", s.useNextKey)
	get("/admin/diagnosis", s.diagnosisPage)
	get("/admin/mail", s.mailPage)
	post("/admin/mail", s.saveMail)
	post("/admin/mail/test", s.sendTestMail)
	post("/admin/notices/{assertion:[0-9a-f-]{36}}/{about:award|end}/{channel:mail|message}/retry", s.retryNotice)
}

// adminHomeData is what the administrator sees first.
type adminHomeData struct {
	Platforms  []platformRow
	Invitation string // a registration address just made, shown once
	Open       []connect.OpenInvitation
	Failing    []store.FailingNotice
	Waiting    int // notices not sent yet
	MailReady  bool
}

type platformRow struct {
	badges.Platform
	ClientID string
	Courses  int
	Problems int // courses whose last reading failed
}

func (s *Server) adminHome(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	return s.showAdminHome(w, r, admin, "")
}

func (s *Server) showAdminHome(w http.ResponseWriter, r *http.Request, admin adminSession, invitation string) error {
	locale := s.locale(r, nil)
	rememberLanguage(w, r, locale)
	data := adminHomeData{Invitation: invitation, MailReady: s.Mailer.Ready()}
	platforms, err := s.Store.Platforms(r.Context())
	if err != nil {
		return err
	}
	for _, p := range platforms {
		row := platformRow{Platform: p.Platform, ClientID: p.Registration.ClientID}
		courses, err := s.Store.Courses(r.Context(), p.ID)
		if err != nil {
			return err
		}
		row.Courses = len(courses)
		for _, c := range courses {
			if c.Sync.Last != nil && c.Sync.Last.Problem != "" {
				row.Problems++
			}
		}
		data.Platforms = append(data.Platforms, row)
	}
	if data.Open, err = s.Invitations.Open(r.Context()); err != nil {
		return err
	}
	if data.Failing, data.Waiting, err = s.Store.NoticeQueue(r.Context()); err != nil {
		return err
	}
	return s.render(w, r, locale, "admin/home", admin.page(locale.T("admin.home_title", nil), data))
}

// newInvitation makes the address that an LMS administrator pastes into Moodle.
// It is shown once: only its hash is kept.
func (s *Server) newInvitation(w http.ResponseWriter, r *http.Request, admin adminSession) error {
	invitation, err := s.Invitations.New(r.Context(), badges.ByAdmin)
	if err != nil {
		return err
	}
	return s.showAdminHome(w, r, admin, invitation.Address)
}

// revokeInvitation makes a registration address useless.
func (s *Server) revokeInvitation(w http.ResponseWriter, r *http.Request, _ adminSession) error {
	if err := s.Invitations.Revoke(r.Context(), r.PostFormValue("invitation")); err != nil {
		return err
	}
	return seeOther(w, r, "/admin")
}

// retryNotice sends a failing notice again at once.
func (s *Server) retryNotice(w http.ResponseWriter, r *http.Request, _ adminSession) error {
	ctx := r.Context()
	vars := mux.Vars(r)
	of := badges.SendNotice{Assertion: badges.AssertionID(vars["assertion"]), Channel: badges.Channel(vars["channel"]), About: badges.About(vars["about"])}
	err := s.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.RetryNotice(ctx, of)
	})
	if err != nil && !fault.Is(err, fault.NotFound) { // not found: sent, or tried again, meanwhile
		return err
	}
	return seeOther(w, r, "/admin")
}
