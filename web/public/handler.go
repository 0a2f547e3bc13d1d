package public

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// Handler serves the pages and documents that anybody may open. It only reads. Every
// exported field is required.
type Handler struct {
	*page.Renderer

	Views     view.Builder
	Store     Reader
	Documents credential.Documents
	Links     credential.Addresses
	Hosts     page.Hosts
	ReadyMade ReadyMade

	lists        signedLists
	versions     issuedVersions
	certificates turns
}

// Reader reads what is public. *store.Store is one.
type Reader interface {
	credential.StatusReader

	PublicVersion(ctx context.Context, id badges.VersionID) (badges.Version, error)
	StatusList(ctx context.Context, id badges.StatusListID) (badges.StatusList, error)
	StatusBits(ctx context.Context, id badges.StatusListID) ([]int, error)
	Revocations(ctx context.Context, issuer badges.IssuerID, baseURL string) ([]badges.Revocation, error)
	Chain(ctx context.Context, course badges.CourseKey, badge badges.BadgeID, user badges.UserID) ([]badges.Assertion, error)
	Picture(ctx context.Context, hash badges.PictureHash) (picture.Picture, error)
}

// ReadyMade has the ready-made pictures. *picture.Library is one.
type ReadyMade interface {
	// Read returns the picture with a hash; the error is fault.NotFound.
	Read(hash string) (picture.Picture, error)
}

// Mount registers the routes, which package web lists.
func (h *Handler) Mount(r *mux.Router) {
	h.certificates = newTurns()
	get := func(path string, f page.Func) {
		r.Handle(path, h.Public(f)).Methods(http.MethodGet, http.MethodHead)
	}
	get("/", h.homePage)
	document := func(path string, f page.Func) {
		get(path, forScripts(f))
		r.Handle(path, h.Public(preflight)).Methods(http.MethodOptions)
	}
	get("/v/{assertion:[0-9a-f-]{36}}", h.badgePage)
	r.Handle("/v/{assertion:[0-9a-f-]{36}}", h.Public(preflight)).Methods(http.MethodOptions)
	document("/v/{assertion:[0-9a-f-]{36}}.json", h.assertionJSON)
	document("/v/{assertion:[0-9a-f-]{36}}.jws", h.signedAssertion)
	document("/v/{assertion:[0-9a-f-]{36}}/credential", h.credential)
	document("/v/{assertion:[0-9a-f-]{36}}.jwt", h.credentialJWT)
	document("/v/{assertion:[0-9a-f-]{36}}.png", h.assertionPNG)
	document("/v/{assertion:[0-9a-f-]{36}}.svg", h.assertionSVG)
	document("/v/{assertion:[0-9a-f-]{36}}.pdf", h.assertionPDF)
	document("/badges/{version:[0-9a-f-]{36}}", h.badgeDocument)
	document("/badges/{version:[0-9a-f-]{36}}/{language:[a-z]{2,3}}", h.badgeDocument)
	document("/issuers/{issuer:[0-9a-f-]{36}}", h.issuerProfile)
	document("/issuers/{issuer:[0-9a-f-]{36}}/did.json", h.didDocument)
	document("/issuers/{issuer:[0-9a-f-]{36}}/keys/{key:[0-9A-Za-z_-]{43}}", h.issuerKey)
	document("/issuers/{issuer:[0-9a-f-]{36}}/revocations.json", h.revocations)
	document("/status/{list:[0-9a-f-]{36}}", h.statusList)
	get("/schemas/rule.json", h.ruleSchema)
	document("/pictures/{hash:[0-9a-f]{64}}.png", h.picturePNG)
}

// linksFor returns the addresses for the host that was asked: a document has an id below
// the address at which it is read. An award's own documents have other addresses, which
// its claim froze.
func (h *Handler) linksFor(r *http.Request) credential.Addresses { return h.Links.At(h.Hosts.Base(r)) }

// homePage explains what this address is, for somebody who typed it.
func (h *Handler) homePage(w http.ResponseWriter, r *http.Request) error {
	locale := h.Locale(r, nil)
	page.RememberLanguage(w, r, locale)
	return h.Show(w, r, locale, "public/home", templates.Page{Title: locale.T("public.home_title", nil)})
}
