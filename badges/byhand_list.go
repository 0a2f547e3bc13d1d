package badges

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/insigne-badges/insigne/internal/fault"
)

// Limits of a list of learners to award a badge to.
const (
	MaxHandList  = 1 << 20 // bytes
	MaxHandLines = 5000
)

// HandLine is one line of such a list: a learner, the evidence for them, and
// the problem with the line, if any.
type HandLine struct {
	Number    int    // in the file, from 1; 0 if the learner was picked on the page
	Written   string // the learner, as written in the list
	Given     GivenEvidence
	User      UserID // empty until matched
	Name      string
	Problem   string // catalogue key; empty if there is none
	FirstLine int    // the first line that names the same learner, for byhand.line_twice
}

// DecodeHandList returns the text of a list that a spreadsheet saved: UTF-8 or
// UTF-16, with or without a byte order mark, or Windows-1252. It fails with
// fault.Invalid if the list is too large, empty or not text.
func DecodeHandList(data []byte) (string, error) {
	if len(data) > MaxHandList {
		return "", fault.New(fault.Invalid, "byhand.list_too_large").With("Most", MaxHandList>>20)
	}
	text, err := decode(data)
	switch {
	case err != nil:
		return "", fault.Wrap(err, fault.Invalid, "byhand.list_unreadable")
	case strings.ContainsRune(text, 0):
		return "", fault.New(fault.Invalid, "byhand.list_unreadable")
	case strings.TrimSpace(text) == "":
		return "", fault.New(fault.Invalid, "byhand.list_empty")
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), nil
}

func decode(data []byte) (string, error) {
	var text []byte
	var err error
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		text, err = unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	case utf8.Valid(data):
		text = data
	default:
		text, err = charmap.Windows1252.NewDecoder().Bytes(data)
	}
	return string(text), err
}

// ParseHandList reads a list with one learner a line: the learner, then the
// evidence if any, separated by a comma, semicolon or tab. The first line may
// be headings. A problem with one line is noted in that line; fault.Invalid
// means that the whole list cannot be read.
func ParseHandList(text string) ([]HandLine, error) {
	comma, skip := separator(text)
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.ReuseRecord = comma, -1, true
	var lines []HandLine
	for {
		record, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, unreadableLine(err)
		}
		number, _ := r.FieldPos(0)
		if number <= skip || blank(record) || len(lines) == 0 && isHeading(record[0]) && number <= skip+1 {
			continue
		}
		if len(lines) == MaxHandLines {
			return nil, fault.New(fault.Invalid, "byhand.list_too_long").With("Most", MaxHandLines)
		}
		lines = append(lines, handLine(number, record))
	}
	if len(lines) == 0 {
		return nil, fault.New(fault.Invalid, "byhand.list_empty")
	}
	return lines, nil
}

func unreadableLine(err error) error {
	line := 0
	if e, ok := errors.AsType[*csv.ParseError](err); ok {
		line = e.StartLine
	}
	return fault.Wrap(err, fault.Invalid, "byhand.list_quotes").With("Line", line)
}

const separators = ",;\t"

// separator returns the first comma, semicolon or tab outside quotes; addresses
// and ids contain none of them. If the first line is "sep=;", as spreadsheets
// write it, that line decides and has to be skipped.
func separator(text string) (comma rune, skip int) {
	first, _, _ := strings.Cut(text, "\n")
	if rest, ok := strings.CutPrefix(strings.ToLower(first), "sep="); ok && len(rest) == 1 && strings.Contains(separators, rest) {
		return rune(rest[0]), 1
	}
	quoted := false
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case !quoted && strings.ContainsRune(separators, r):
			return r, 0
		}
	}
	return ',', 0
}

func blank(record []string) bool {
	return !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// isHeading reports whether cell is a heading that Moodle, spreadsheets or
// people write above a column of learners.
func isHeading(cell string) bool {
	switch strings.ToLower(strings.TrimSpace(cell)) {
	case "email", "e-mail", "mail", "email address", "e-mail address", "courriel", "adresse", "adresse de courriel", "adresse électronique",
		"adresse mail", "adresse e-mail", "adresse email", "id", "user", "userid", "user_id", "user id", "username", "identifiant", "nom d'utilisateur",
		"nom d’utilisateur", "utilisateur", "learner", "person", "personne", "participant", "étudiant", "apprenant":
		return true
	}
	return false
}

func handLine(number int, record []string) HandLine {
	line := HandLine{Number: number, Written: strings.TrimSpace(record[0])}
	if len(record) > 1 {
		line.Given.Text = record[1]
	}
	switch {
	case checkText(line.Written, MaxEvidenceLink, false) != "", strings.ContainsRune(line.Written+line.Given.Text, utf8.RuneError):
		line.Written, line.Problem = readable(line.Written), "byhand.line_unreadable"
	case line.Written == "":
		line.Problem = "byhand.line_nobody"
	case len(record) > 2 && !blank(record[2:]):
		line.Problem = "byhand.line_columns"
	}
	return line
}

// readable returns the beginning of s without characters that cannot be shown.
func readable(s string) string {
	const most = 80
	s = Carried(s)
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
