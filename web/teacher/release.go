package teacher

import (
	"context"
	"net/http"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// releaseData is the part of a badge's page about withheld awards.
type releaseData struct {
	Jury     bool
	Withheld []withheldRow
	More     bool // there are more than listed
	Undoable int  // released and not delivered yet: the release can be undone
}

// withheldShown is how many withheld awards the page lists. The others are listed after
// these are decided, or are released with "all".
const withheldShown = 200

type withheldRow struct {
	ID        badges.AssertionID
	Name      string
	AwardedAt time.Time
}

func (h *Handler) releaseOf(ctx context.Context, who page.Session, badge badges.Badge) (releaseData, error) {
	data := releaseData{Jury: badge.Jury}
	withheld, err := h.Store.Withheld(ctx, who.Course, badge.ID, withheldShown+1)
	if err != nil {
		return releaseData{}, err
	}
	if data.More = len(withheld) > withheldShown; data.More {
		withheld = withheld[:withheldShown]
	}
	for _, a := range withheld {
		data.Withheld = append(data.Withheld, withheldRow{a.ID, a.Recipient.Name, a.AwardedAt})
	}
	data.Undoable, err = h.Store.CountReleases(ctx, who.Course, badge.ID, badges.UndoWindow)
	return data, err
}

// releaseAwards releases the chosen awards, or undoes the last release.
func (h *Handler) releaseAwards(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	if err := page.ParseForm(r); err != nil {
		return err
	}
	ctx := r.Context()
	var ids []badges.AssertionID
	for _, id := range r.PostForm["award"] {
		ids = append(ids, badges.AssertionID(id))
	}
	switch {
	case r.PostForm.Get("undo") != "":
		err = h.inBatches(ctx, fault.New(fault.Conflict, "release.too_late"), func(tx *store.Tx) (int, error) {
			return h.Awards.UndoRelease(ctx, tx, who.Course, badge.ID, who.User, releaseBatch)
		})
	case r.PostForm.Get("all") != "":
		err = h.inBatches(ctx, fault.New(fault.Invalid, "release.nobody"), func(tx *store.Tx) (int, error) {
			return h.Awards.ReleaseWithheld(ctx, tx, who.Course, badge.ID, who.User, releaseBatch)
		})
	case len(ids) == 0:
		err = fault.New(fault.Invalid, "release.nobody")
	default:
		err = h.Store.Tx(ctx, func(tx *store.Tx) error {
			_, err := h.Awards.Release(ctx, tx, who.Course, badge.ID, ids, who.User)
			return err
		})
	}
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}

// releaseBatch limits the size of a transaction, so that other requests do not wait
// long.
const releaseBatch = 250

// inBatches calls act until no awards are left, each time in a transaction of its own.
// It returns the error none if there were no awards at all.
func (h *Handler) inBatches(ctx context.Context, none error, act func(*store.Tx) (int, error)) error {
	for total := 0; ; {
		var changed int
		err := h.Store.Tx(ctx, func(tx *store.Tx) (err error) {
			changed, err = act(tx)
			return err
		})
		total += changed
		switch {
		case err != nil:
			return err
		case changed == 0 && total == 0:
			return none
		case changed < releaseBatch:
			return nil
		}
	}
}
