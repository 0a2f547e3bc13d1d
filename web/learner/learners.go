package learner

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// watchedData is the list of the learners that a mentor follows.
type watchedData struct {
	Course   string
	Learners []watchedLearner
	More     string // address of the next page; empty on the last page
}

// watchedPageSize is how many learners a page shows.
const watchedPageSize = 50

type watchedLearner struct {
	Name string
	Path string
}

func (h *Handler) watchedLearners(w http.ResponseWriter, r *http.Request, who page.Session) error {
	locale := h.Locale(r, &who)
	if !who.Mentor {
		return fault.New(fault.Forbidden, "problem.learner_forbidden")
	}
	watched, err := h.Store.Watched(r.Context(), who.Course, who.User)
	if err != nil {
		return err
	}
	from := 0
	if text := r.URL.Query().Get("from"); text != "" {
		if from, err = strconv.Atoi(text); err != nil || from < 0 {
			return fault.New(fault.Invalid, "problem.form_unreadable")
		}
	}
	data := watchedData{Course: who.Title}
	shown := watched[min(from, len(watched)):min(from+watchedPageSize, len(watched))]
	if from+len(shown) < len(watched) {
		data.More = who.Path("/learners?from=" + strconv.Itoa(from+len(shown)))
	}
	for _, user := range shown {
		member, err := h.Store.Member(r.Context(), who.Course, user)
		if fault.Is(err, fault.NotFound) {
			continue // not in this course, or the course was not read yet
		}
		if err != nil {
			return err
		}
		data.Learners = append(data.Learners, watchedLearner{Name: member.Name, Path: who.Path("/learners/" + url.PathEscape(string(user)))})
	}
	name := "learner/learners"
	if from > 0 {
		name = "learner/fragment/learners"
	}
	return h.Show(w, r, locale, name, who.Page(locale.T("mentor.title", nil), data))
}
