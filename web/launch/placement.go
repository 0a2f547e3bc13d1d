package launch

import (
	"context"
	"net/http"
	"time"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/lti"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// customBadge is the custom parameter that names the badge that a link opens. It is
// copied with the course. A link without it opens the first page of the course.
const customBadge = "badge"

// placementLifetime is how much time a teacher has to choose.
const placementLifetime = time.Hour

// placementData is the page where a teacher chooses what to place.
type placementData struct {
	Course string
	Badges []placeableBadge
	Column bool // the LMS may accept a gradebook column with the link
	Action string
}

// placeableBadge is a badge of the course that a link can open.
type placeableBadge struct {
	ID      badges.BadgeID
	Name    string
	Picture string // URL
	Rule    string // in one sentence
	State   badges.BadgeState
}

// placedData is the form that carries the choice back to the LMS.
type placedData struct {
	ReturnURL string
	JWT       string
}

// startPlacement stores a deep linking request until the teacher has chosen. It returns
// the path of the page to choose on.
func (h *Handler) startPlacement(ctx context.Context, tx *store.Tx, launch lti.Launch, who page.Session) (string, error) {
	if launch.Context == nil {
		return "", fault.New(fault.Invalid, "problem.no_course")
	}
	id, err := tx.AddPlacement(ctx, store.Placement{
		Course: who.Course, User: who.User, Deployment: launch.Deployment, Request: *launch.DeepLinking, Expires: tx.Now().Add(placementLifetime),
	})
	return "/place/" + id, err
}

// placePage shows what can be placed. Opening it changes nothing.
func (h *Handler) placePage(w http.ResponseWriter, r *http.Request, who page.Session) error {
	id := mux.Vars(r)["placement"]
	placement, err := h.Store.Placement(r.Context(), who.Course, who.User, id)
	if err != nil {
		return placementGone(err)
	}
	column, err := h.Columns.OfferedWithLink(r.Context(), placement)
	if err != nil {
		return err
	}
	locale := h.Locale(r, &who)
	rows, err := h.placeableBadges(r.Context(), who.Course, locale)
	if err != nil {
		return err
	}
	data := placementData{Course: who.Title, Badges: rows, Column: column, Action: who.Path("/place/" + id)}
	return h.Show(w, r, locale, "launch/place", who.Page(locale.T("place.title", nil), data))
}

func (h *Handler) placeableBadges(ctx context.Context, course badges.CourseKey, locale templates.Locale) ([]placeableBadge, error) {
	list, err := h.Store.Badges(ctx, course)
	if err != nil {
		return nil, err
	}
	var placeable []placeableBadge
	for _, b := range badges.InSteps(list, func(b store.CountedBadge) badges.Badge { return b.Badge }) {
		placeable = append(placeable, placeableBadge{
			ID: b.ID, Name: b.Current.Name, Picture: h.PictureURL(b.Current.Picture), Rule: b.Current.Rule.Describe(locale), State: b.State,
		})
	}
	return placeable, nil
}

// place sends the teacher's choice to the LMS, once. The browser sends only an id; the
// links are made here.
func (h *Handler) place(w http.ResponseWriter, r *http.Request, who page.Session) error {
	ctx := r.Context()
	id := mux.Vars(r)["placement"]
	p, err := h.Store.Placement(ctx, who.Course, who.User, id)
	if err != nil {
		return placementGone(err)
	}
	reg, err := h.Store.Registration(ctx, lti.RegistrationID(who.Course.Platform))
	if err != nil {
		return err
	}
	items, err := h.chosenItems(ctx, who, r.PostFormValue("choice"))
	if err != nil {
		return err
	}
	if r.PostFormValue("column") == "on" {
		if err := h.askForColumns(ctx, p, items); err != nil {
			return err
		}
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		p, err = tx.TakePlacement(ctx, who.Course, who.User, id)
		return placementGone(err)
	})
	if err != nil {
		return err
	}
	token, err := h.Tool.DeepLinkingResponse(ctx, reg, p.Deployment, p.Request, items)
	if err != nil {
		return err
	}
	locale := h.Locale(r, &who)
	page.AllowForm(w, p.Request.ReturnURL)
	return h.Show(w, r, locale, "launch/placed", who.Page(locale.T("place.title", nil), placedData{ReturnURL: p.Request.ReturnURL, JWT: token}))
}

// The values of the form that are not ids of badges.
const (
	chooseCourse  = "course"
	chooseNothing = "nothing"
)

// chosenItems returns the links to place. Moodle opens a link that has no address at
// the tool's own address and keeps its custom parameters, so they say what the link
// opens.
func (h *Handler) chosenItems(ctx context.Context, who page.Session, choice string) ([]lti.ContentItem, error) {
	switch choice {
	case chooseNothing:
		return nil, nil
	case chooseCourse:
		return []lti.ContentItem{{Title: h.Templates.Locale(who.Language).T("place.course_item", nil)}}, nil
	}
	badge, err := h.Store.Badge(ctx, who.Course, badges.BadgeID(choice))
	if err != nil {
		return nil, err
	}
	return []lti.ContentItem{{
		Title: badge.Current.Name, Text: badge.Current.Description, Custom: map[string]string{customBadge: string(badge.ID)},
	}}, nil
}

// askForColumns adds to each link to a badge a request for a gradebook column.
func (h *Handler) askForColumns(ctx context.Context, p store.Placement, items []lti.ContentItem) error {
	for i := range items {
		badge := badges.BadgeID(items[i].Custom[customBadge])
		if badge == "" {
			continue
		}
		if err := h.Columns.AskWithLink(ctx, p, badge, &items[i]); err != nil {
			return err
		}
	}
	return nil
}

func placementGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Wrap(err, fault.Gone, "problem.placement_gone")
	}
	return err
}
