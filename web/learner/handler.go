package learner

import (
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// Handler serves learners and their mentors. Every field is required.
type Handler struct {
	page.Gates

	Views  view.Builder
	Store  *store.Store
	Awards award.Awards
	Links  credential.Addresses // addresses of claim pages and public pages
	Now    func() time.Time
}

// Mount registers the routes, which package web lists.
func (h *Handler) Mount(r *mux.Router) {
	r.Handle("/claim/{token}", h.Public(h.claimPage)).Methods(http.MethodGet, http.MethodHead)
	r.Handle("/claim/{token}", h.Public(h.decideClaim)).Methods(http.MethodPost)
	get := func(path string, f page.MemberFunc) {
		r.Handle(page.FramePath+path, h.Member(f)).Methods(http.MethodGet, http.MethodHead)
	}
	get("", h.home)
	get("/mine", h.myBadges)
	get("/mine/list", h.myBadgesList)
	get("/mine/{badge:[0-9a-f-]{36}}", h.myBadge)
	r.Handle(page.FramePath+"/mine/awards/{assertion:[0-9a-f-]{36}}/address", h.Member(h.giveAddress)).Methods(http.MethodPost)
	get("/mine/awards/{assertion:[0-9a-f-]{36}}/address", h.addressPage)
	get("/mine/awards/{assertion:[0-9a-f-]{36}}/erase", h.erasePage)
	r.Handle(page.FramePath+"/mine/awards/{assertion:[0-9a-f-]{36}}/erase", h.Member(h.eraseAward)).Methods(http.MethodPost)
	get("/learners", h.watchedLearners)
	get("/learners/{learner:.+}", h.learnerPage)
}

// home redirects a person to the page of the course for their role.
func (h *Handler) home(w http.ResponseWriter, r *http.Request, who page.Session) error {
	return page.SeeOther(w, r, who.Path(who.Home()))
}
