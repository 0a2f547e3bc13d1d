package teacher

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// awardListData says whom an award by hand reaches, before it is carried out or
// after.
type awardListData struct {
	Badge    badges.Badge
	Path     string // of the badge
	Form     awardForm
	Ready    []badges.HandLine // who would be awarded it: the first of them
	Count    int               // all of them
	More     int               // beyond those named
	Problems []badges.HandLine
	Done     bool
	Awarded  int
	Proposed int
	Problem  string // why it could not be carried out to the end
}

// readyToName bounds how many are named of those with whom nothing is wrong.
const readyToName = 50

// showDryRun names every line's problem and who will be awarded the badge. It
// changes nothing.
func (h *Handler) showDryRun(w http.ResponseWriter, r *http.Request, who page.Session, badge badges.Badge, form awardForm, lines []badges.HandLine, failed error) error {
	locale := h.Locale(r, &who)
	eligibility, err := h.handEligibility(r.Context(), badge)
	if err != nil {
		return err
	}
	eligibility.Match(lines)
	data := awardListData{Badge: badge, Path: who.Path("/badges/" + string(badge.ID)), Form: form}
	status := http.StatusOK
	if failed != nil {
		told := page.Describe(failed, locale)
		status, data.Problem = told.Status, told.Message
	}
	data.divide(lines)
	return h.ShowStatus(w, r, status, locale, "teacher/award_list", who.Page(locale.T("byhand.check_title", nil), data))
}

// divide keeps apart those with whom something is wrong.
func (d *awardListData) divide(lines []badges.HandLine) {
	for _, line := range lines {
		if line.Problem != "" {
			d.Problems = append(d.Problems, line)
		} else {
			d.Ready = append(d.Ready, line)
		}
	}
	d.Count = len(d.Ready)
	d.More = max(0, d.Count-readyToName)
	d.Ready = d.Ready[:d.Count-d.More]
}

// carryOut awards the badge, deciding anew. What fails half way leaves whole
// batches: the page then shows what is left, and pressing again goes on.
func (h *Handler) carryOut(w http.ResponseWriter, r *http.Request, who page.Session, badge badges.Badge, form awardForm, lines []badges.HandLine) error {
	ctx, locale := r.Context(), h.Locale(r, &who)
	eligibility, err := h.handEligibility(ctx, badge)
	if err != nil {
		return err
	}
	eligibility.Match(lines)
	done, err := h.awardLines(ctx, who, badge, lines)
	if err != nil {
		h.Log.WarnContext(ctx, "awards by hand not carried out", "request_id", page.RequestOf(ctx).ID, "awarded", done[badges.HandAwarded], "error", err)
		again, parseErr := form.lines()
		if parseErr != nil {
			return parseErr
		}
		return h.showDryRun(w, r, who, badge, form, again, err)
	}
	data := awardListData{
		Badge: badge, Path: who.Path("/badges/" + string(badge.ID)), Done: true,
		Awarded: done[badges.HandAwarded], Proposed: done[badges.HandProposed],
	}
	data.divide(lines)
	if len(data.Problems) == 0 {
		return page.SeeOther(w, r, data.Path+"?"+url.Values{"awarded": {strconv.Itoa(data.Awarded)}, "proposed": {strconv.Itoa(data.Proposed)}}.Encode())
	}
	return h.Show(w, r, locale, "teacher/award_list", who.Page(locale.T("byhand.done_title", nil), data))
}

// awardLines writes what is not refused, one transaction a batch, and notes in
// the lines who was left out after all.
func (h *Handler) awardLines(ctx context.Context, who page.Session, badge badges.Badge, lines []badges.HandLine) (map[badges.HandOutcome]int, error) {
	var open []*badges.HandLine
	for i := range lines {
		if lines[i].Problem == "" {
			open = append(open, &lines[i])
		}
	}
	done := map[badges.HandOutcome]int{}
	for batch := range slices.Chunk(open, awardBatch) {
		order := badges.HandAward{Course: who.Course, Badge: badge.ID, By: who.User}
		for _, line := range batch {
			order.To = append(order.To, badges.HandRecipient{User: line.User, Given: line.Given})
		}
		var results []badges.HandResult
		err := h.Store.Tx(ctx, func(tx *store.Tx) error {
			var err error
			results, err = h.Awards.ByHand(ctx, tx, order)
			return err
		})
		if err != nil {
			return done, err
		}
		for i, result := range results {
			done[result.Outcome]++
			batch[i].Problem = result.Why
		}
	}
	return done, nil
}
