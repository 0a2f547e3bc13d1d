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

// awardListData is the page about an award by hand to several learners: the dry run, or
// the result.
type awardListData struct {
	Badge    badges.Badge
	Path     string // path of the badge's page
	Form     awardForm
	Ready    []badges.HandLine // the first learners who would be awarded the badge
	Count    int               // number of all of them
	More     int               // how many of them are not listed
	Problems []badges.HandLine
	Done     bool
	Awarded  int
	Proposed int
	Problem  string // why it stopped before the end
}

// readyToName is how many learners without a problem the page lists.
const readyToName = 50

// showDryRun shows who would be awarded the badge, and the problem of every other line.
// It changes nothing.
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
		described := page.Describe(failed, locale)
		status, data.Problem = described.Status, described.Message
	}
	data.divide(lines)
	return h.ShowStatus(w, r, status, locale, "teacher/award_list", who.Page(locale.T("byhand.check_title", nil), data))
}

// divide separates the lines with a problem from the others.
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

// carryOut awards the badge after it has checked the lines again. If it fails half way,
// the finished batches stay. The page then shows the rest, and the teacher can
// continue.
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

// awardLines awards the badge to the lines without a problem, one transaction a batch.
// If a learner cannot be awarded it after all, it sets the problem of the line.
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
