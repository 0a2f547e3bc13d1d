package teacher_test

import (
	"encoding/csv"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/web/page"
)

// TestRecipientsFile downloads the recipients as a CSV file in each language. No cell
// is a formula.
func TestRecipientsFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.on("Exploration", both)
	claimed := w.has(b, zoe, badges.Claimed)
	for i, name := range []string{"=HYPERLINK(1)", "+1", "-1", "@SUM(1)", "\t=1", "Plain; and, quoted"} {
		a := w.World.Assertion(badges.UserID(name))
		a.Badge, a.Version, a.Recipient = b.ID, b.Current.ID, badges.Recipient{Name: name, Email: "a@u.example"}
		a.AwardedAt = w.Clock.Now().AddDate(0, 0, -1-i)
		a.ExpiresAt = a.AwardedAt.AddDate(1, 0, 0)
		w.insert(a)
	}
	french := w.as(page.Session{User: nina, Teacher: true, Language: "fr"})
	tests := []struct {
		name    string
		table   string
		comma   rune
		heading []string
		zoe     []string
	}{
		{
			"English", w.teacher.Get(at(w.teacher, b.ID, "/recipients.csv")).Body, ',',
			[]string{"Learner", "E-mail", "State", "Awarded", "Valid until", "Claimed", "Public page", "Notice"},
			[]string{"Zoë D’Alembert", "zoe@u.example", "Claimed", "2026-03-01", "", "2026-03-01", w.Links.Page(claimed.ID), "Not needed any more"},
		},
		{
			"French", french.Get(at(french, b.ID, "/recipients.csv")).Body, ';',
			[]string{"Nom", "Adresse électronique", "État", "Attribué le", "Valable jusqu’au", "Accepté le", "Page publique", "Avis"},
			[]string{"Zoë D’Alembert", "zoe@u.example", "Accepté", "2026-03-01", "", "2026-03-01", w.Links.Page(claimed.ID), "Devenu inutile"},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text, marked := strings.CutPrefix(tt.table, "\ufeff")
			r := csv.NewReader(strings.NewReader(text))
			r.Comma = tt.comma
			rows, err := r.ReadAll()
			if err != nil || !marked || len(rows) != 8 || !strings.Contains(text, "\r\n") {
				t.Fatalf("marked: %t, %d rows: %v\n%s", marked, len(rows), err, text)
			}
			if diff := cmp.Diff(tt.heading, rows[0]); diff != "" {
				t.Errorf("headings (-want +got):\n%s", diff)
			}
			names := map[string][]string{}
			for _, row := range rows[1:] {
				names[row[0]] = row
			}
			if diff := cmp.Diff(tt.zoe, names["Zoë D’Alembert"]); diff != "" {
				t.Errorf("Zoë (-want +got):\n%s", diff)
			}
			for _, name := range []string{"'=HYPERLINK(1)", "'+1", "'-1", "'@SUM(1)", "'\t=1", "Plain; and, quoted"} {
				if row, there := names[name]; !there || !slices.Contains(row, "a@u.example") || row[4] == "" || row[5] != "" || row[6] != "" {
					t.Errorf("%q: %q", name, row)
				}
			}
		})
	}
	got := w.teacher.Get(at(w.teacher, b.ID, "/recipients.csv"))
	if got.Status != http.StatusOK || got.Header.Get("Content-Type") != "text/csv; charset=utf-8" || got.Header.Get("Content-Disposition") != "attachment; filename=insigne-recipients.csv" {
		t.Errorf("status %d, %v", got.Status, got.Header)
	}
}
