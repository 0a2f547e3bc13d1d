package web

import (
	"context"
	"net/http"
	"time"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/fault"
	"github.com/insigne-badges/insigne/store"
)

// releaseData is the part of a badge's page about awards that wait for the
// teacher.
type releaseData struct {
	Jury     bool
	Held     []heldRow
	More     bool // than are listed
	Undoable int  // released a moment ago, and nobody was told yet
}

// heldShown bounds the list; what is beyond it comes up once these are decided,
// or is released with all.
const heldShown = 200

// heldRow is an award that is held back.
type heldRow struct {
	ID        badges.AssertionID
	Name      string
	AwardedAt time.Time
}

func (s *Server) releaseOf(ctx context.Context, who Session, badge badges.Badge) (releaseData, error) {
	data := releaseData{Jury: badge.Jury}
	held, err := s.Store.HeldBack(ctx, who.Course, badge.ID, heldShown+1)
	if err != nil {
		return releaseData{}, err
	}
	if data.More = len(held) > heldShown; data.More {
		held = held[:heldShown]
	}
	for _, a := range held {
		data.Held = append(data.Held, heldRow{a.ID, a.Recipient.Name, a.AwardedAt})
	}
	data.Undoable, err = s.Store.CountReleases(ctx, who.Course, badge.ID, badges.UndoWindow)
	return data, err
}

// releaseAwards gives the chosen awards to their learners, or takes back a
// release of a moment ago.
func (s *Server) releaseAwards(w http.ResponseWriter, r *http.Request, who Session) error {
	badge, err := s.pathBadge(r, who)
	if err != nil {
		return err
	}
	if err := parseForm(r); err != nil {
		return err
	}
	ctx := r.Context()
	var ids []badges.AssertionID
	for _, id := range r.PostForm["award"] {
		ids = append(ids, badges.AssertionID(id))
	}
	err = s.Store.Tx(ctx, func(tx *store.Tx) error {
		switch {
		case r.PostForm.Get("undo") != "":
			n, err := s.Awards.UndoRelease(ctx, tx, who.Course, badge.ID, who.User)
			return unlessNone(n, err, fault.New(fault.Conflict, "release.too_late"))
		case r.PostForm.Get("all") != "":
			n, err := s.Awards.ReleaseAll(ctx, tx, who.Course, badge.ID, who.User)
			return unlessNone(n, err, fault.New(fault.Invalid, "release.nobody"))
		case len(ids) == 0:
			return fault.New(fault.Invalid, "release.nobody")
		}
		_, err := s.Awards.Release(ctx, tx, who.Course, badge.ID, ids, who.User)
		return err
	})
	if err != nil {
		return err
	}
	return seeOther(w, r, who.Path("/badges/"+string(badge.ID)))
}

// unlessNone returns none where an act that went well changed nothing.
func unlessNone(changed int, err, none error) error {
	if err == nil && changed == 0 {
		return none
	}
	return err
}
