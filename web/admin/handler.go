package admin

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/internal/keyring"
	"github.com/insigne-badges/insigne/notify"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// Handler serves the administrator of the installation. Every field is required.
type Handler struct {
	page.Gates

	Store        *store.Store
	Keyring      *keyring.Ring                            // the tool's own keys
	Issuers      *keyring.Issuers                         // the keys of organisations
	DID          func(id badges.IssuerID) (string, error) // identifier of an organisation
	Mailer       *notify.Mailer
	Invitations  connect.Invitations
	Registration connect.Registration
	Deployments  connect.Deployments
	Services     connect.Services
	Connection   connect.Connection
	Diagnosis    *connect.Diagnosis
	SignIn       connect.SignIn
	PictureURL   func(badges.PictureHash) string // address of a picture
	BaseURL      string                          // public address of this installation, without a slash at the end
}

// Mount registers the routes, which package web lists.
func (h *Handler) Mount(r *mux.Router) {
	get := func(path string, f page.AdminFunc) {
		r.Handle(path, h.Admin(f)).Methods(http.MethodGet, http.MethodHead)
	}
	post := func(path string, f page.AdminFunc) {
		r.Handle(path, h.Admin(f)).Methods(http.MethodPost)
	}
	const platform = "/admin/platforms/{platform:[0-9a-f-]{36}}"
	r.Handle(connect.SignInPath+"{token}", h.Public(h.signInPage)).Methods(http.MethodGet, http.MethodHead)
	r.Handle(connect.SignInPath+"{token}", h.Public(h.signIn)).Methods(http.MethodPost)
	get("/admin", h.adminHome)
	post("/admin/invitations", h.newInvitation)
	get(platform, h.platformPage)
	post(platform+"/service", h.saveService)
	post(platform+"/check", h.checkService)
	post(platform+"/issuers", h.saveIssuer)
	post(platform+"/issuers/{issuer:[0-9a-f-]{36}}/keys", h.useNextIssuerKeys)
	post(platform+"/sync", h.syncCourse)
	post(platform+"/deployments", h.decideDeployment)
	post(platform+"/connection", h.testConnection)
	get(platform+"/arrival", h.arrival)
	post("/admin/invitations/revoke", h.revokeInvitation)
	get("/admin/tool", h.toolPage)
	post("/admin/tool/platforms", h.addPlatform)
	post("/admin/tool/keys", h.useNextKey)
	get("/admin/diagnosis", h.diagnosisPage)
	get("/admin/mail", h.mailPage)
	post("/admin/mail", h.saveMail)
	post("/admin/mail/test", h.sendTestMail)
	post("/admin/notices/{assertion:[0-9a-f-]{36}}/{about:award|end}/{channel:mail|message}/retry", h.retryNotice)
}
