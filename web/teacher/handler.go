package teacher

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/badges/award"
	"github.com/insigne-badges/insigne/badges/credential"
	"github.com/insigne-badges/insigne/badges/gradebook"
	"github.com/insigne-badges/insigne/picture"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
	"github.com/insigne-badges/insigne/web/view"
)

// Handler serves the teachers of a course. Every field is required.
type Handler struct {
	page.Gates

	Views    view.Builder
	Store    *store.Store
	Evidence Evidence
	Awards   award.Awards
	Columns  *gradebook.Columns
	Pictures *picture.Library
	Links    credential.Addresses // addresses of pictures and public pages
	Now      func() time.Time
}

// Evidence reads a course in the LMS. *evidence.Reader is one.
type Evidence interface {
	Outline(ctx context.Context, course badges.CourseKey) (badges.Outline, error)
	Read(ctx context.Context, course badges.CourseKey, subjects []badges.Subject) (badges.Reading, error)
}

// Mount registers the routes, which package web lists.
func (h *Handler) Mount(r *mux.Router) {
	get := func(path string, f page.MemberFunc) {
		r.Handle(page.FramePath+path, h.Teacher(f)).Methods(http.MethodGet, http.MethodHead)
	}
	post := func(path string, f page.MemberFunc) {
		r.Handle(page.FramePath+path, h.Teacher(f)).Methods(http.MethodPost)
	}
	const badge = "/badges/{badge:[0-9a-f-]{36}}"
	get("/badges", h.badgeList)
	post("/check", h.checkNow)
	post("/badges/take-over", h.takeOverBadges)
	get("/badges/new", h.newBadgeForm)
	post("/badges/new", h.createBadge)
	get("/badges/condition", h.conditionRow)
	get("/badges/group", h.groupRow)
	get("/badges/alignment", h.alignmentRow)
	get("/badges/language", h.translationRow)
	post("/badges/preview", h.previewForm)
	get(badge, h.badgePage)
	get(badge+"/edit", h.editBadgeForm)
	post(badge+"/edit", h.editBadge)
	get(badge+"/preview", h.previewBadge)
	get(badge+"/rule.json", h.exportRule)
	get(badge+"/recipients", h.recipientsPage)
	get(badge+"/recipients/{assertion:[0-9a-f-]{36}}", h.recipientPage)
	post(badge+"/switch", h.switchBadge)
	post(badge+"/leave-steps", h.leaveSteps)
	post(badge+"/column", h.setColumn)
	post(badge+"/policy", h.setPolicy)
	post(badge+"/release", h.releaseAwards)
	post(badge+"/recipients/{assertion:[0-9a-f-]{36}}/keep", h.keepAward)
	post(badge+"/recipients/{assertion:[0-9a-f-]{36}}/take-back", h.takeBackAward)
	post(badge+"/take-back-all", h.takeBackAll)
	get(badge+"/award", h.awardPage)
	post(badge+"/award", h.awardByHand)
	post(badge+"/endorsed", h.setEndorsed)
	post(badge+"/proposals", h.decideProposals)
	get(badge+"/recipients.csv", h.exportRecipients)
}
