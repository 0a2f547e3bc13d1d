package teacher

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/templates"
	"github.com/insigne-badges/insigne/web/page"
)

// exportRecipients sends the recipients of a badge as a CSV file for spreadsheets, one
// award a line: UTF-8 with a byte order mark, and the separator that spreadsheets of
// the language expect.
func (h *Handler) exportRecipients(w http.ResponseWriter, r *http.Request, who page.Session) error {
	badge, err := h.pathBadge(r, who)
	if err != nil {
		return err
	}
	awards, err := h.Store.AllRecipients(r.Context(), who.Course, badge.ID)
	if err != nil {
		return err
	}
	table, err := h.recipientTable(awards, h.Locale(r, &who))
	if err != nil {
		return err
	}
	w.Header().Set("Content-Disposition", "attachment; filename=insigne-recipients.csv")
	return page.WriteBytes(w, "text/csv; charset=utf-8", table)
}

func (h *Handler) recipientTable(awards []store.Recipient, locale templates.Locale) ([]byte, error) {
	table := bytes.NewBufferString("\ufeff")
	out := csv.NewWriter(table)
	out.UseCRLF = true
	if locale.Lang() == "fr" { // the comma is the decimal separator
		out.Comma = ';'
	}
	rows := [][]string{{
		locale.T("teacher.learner", nil), locale.T("byhand.column_email", nil), locale.T("teacher.state", nil),
		locale.T("teacher.awarded", nil), locale.T("expiry.until", nil), locale.T("byhand.column_claimed", nil), locale.T("teacher.public_page", nil), locale.T("teacher.notice", nil),
	}}
	for _, a := range awards {
		claimed, link := "", ""
		if a.WasClaimed() {
			claimed = isoDay(a.DecidedAt)
		}
		if a.Public() {
			link = h.Links.Page(a.ID)
		}
		rows = append(rows, []string{
			a.Recipient.Name, a.Recipient.Email, locale.T("assertion_state."+string(a.State), nil), isoDay(a.AwardedAt), isoDay(a.ExpiresAt), claimed, link, locale.T(noticeOf(a), nil),
		})
	}
	for _, row := range rows {
		for i := range row {
			row[i] = escapeFormula(row[i])
		}
	}
	if err := out.WriteAll(rows); err != nil {
		return nil, fmt.Errorf("write recipients: %w", err)
	}
	return table.Bytes(), nil
}

// escapeFormula changes a text so that no spreadsheet runs it as a formula.
func escapeFormula(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

func isoDay(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}
