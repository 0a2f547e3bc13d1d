package teacher

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/web/page"
)

// maxRuleFile is more bytes than the largest rule needs.
const maxRuleFile = 256 << 10

// exportRule sends a badge's rule as a JSON file.
func (h *Handler) exportRule(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	text, err := json.MarshalIndent(badge.Current.Rule, "", "  ")
	if err != nil {
		return fmt.Errorf("encode rule: %w", err)
	}
	w.Header().Set("Content-Disposition", "attachment; filename=insigne-rule.json")
	return page.WriteBytes(w, "application/json", append(text, '\n'))
}

// errImported means that the form only imported a rule from a file. The form is shown
// again and nothing is saved.
var errImported = errors.New("rule imported")

// importRule returns the rule in the file of the form. Activities and
// groups in it are replaced by those with the same names in this course.
func importRule(r *http.Request, outline *badges.Outline) (badges.Rule, error) {
	file, _, err := r.FormFile("rule_file")
	if err != nil {
		return badges.Rule{}, fault.Wrap(err, fault.Invalid, "rule.file_missing")
	}
	text, err := io.ReadAll(io.LimitReader(file, maxRuleFile))
	if err := errors.Join(err, file.Close()); err != nil {
		return badges.Rule{}, fault.Wrap(err, fault.Invalid, "rule.unreadable")
	}
	rule, err := badges.ParseRule(text)
	if err != nil {
		return badges.Rule{}, err
	}
	return rule.MovedTo(outline), nil
}
