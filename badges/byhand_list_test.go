package badges_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/insigne-badges/insigne/badges"
)

// parse reads a list and returns one text for each line: number, learner,
// evidence and problem.
func parse(data string) ([]string, error) {
	text, err := badges.DecodeHandList([]byte(data))
	if err != nil {
		return nil, err
	}
	lines, err := badges.ParseHandList(text)
	var said []string
	for _, l := range lines {
		said = append(said, strings.Join([]string{string(rune('0' + l.Number)), l.Written, l.Given.Text, l.Problem}, "|"))
	}
	return said, err
}

func TestHandList(t *testing.T) {
	for name, tt := range map[string]struct {
		data string
		want []string
	}{
		"one column":               {"zoe@x.org\nsinead@x.org\n", []string{"1|zoe@x.org||", "2|sinead@x.org||"}},
		"no newline at the end":    {"zoe@x.org", []string{"1|zoe@x.org||"}},
		"Windows lines":            {"6\r\n7\r\n", []string{"1|6||", "2|7||"}},
		"old Macintosh lines":      {"6;a\r7;b\r", []string{"1|6|a|", "2|7|b|"}},
		"commas":                   {"zoe@x.org,Well done", []string{"1|zoe@x.org|Well done|"}},
		"semicolons, comma within": {"zoe@x.org;Well done, Zoë", []string{"1|zoe@x.org|Well done, Zoë|"}},
		"tabs":                     {"zoe@x.org\tWell done; bravo", []string{"1|zoe@x.org|Well done; bravo|"}},
		"quotes":                   {"\"zoe@x.org\",\"Said \"\"bravo\"\",\ntwice\"\n7", []string{"1|zoe@x.org|Said \"bravo\",\ntwice|", "3|7||"}},
		"separator named":          {"sep=;\r\nEmail;Preuve\r\n6;a,b", []string{"3|6|a,b|"}},
		"headings in English":      {"Email address,Evidence\n6,x", []string{"2|6|x|"}},
		"headings in French":       {"Adresse de courriel;Preuve\n6;x", []string{"2|6|x|"}},
		"headings stand first":     {"6\nemail", []string{"1|6||", "2|email||"}},
		"empty lines":              {"\n6\n\n;;\n7\n", []string{"2|6||", "5|7||"}},
		"UTF-8 with its mark":      {"\ufeff6;réussi", []string{"1|6|réussi|"}},
		"Windows-1252":             {"6;r\xe9ussi \x96 20 \x80", []string{"1|6|réussi – 20 €|"}},
		"UTF-16":                   {"\xff\xfe6\x00\t\x00\xe9\x00", []string{"1|6|é|"}},
		"nobody":                   {",Well done\n6", []string{"1||Well done|byhand.line_nobody", "2|6||"}},
		"a third column":           {"6,Well done, Zoë\n7,x,,", []string{"1|6|Well done|byhand.line_columns", "2|7|x|"}},
		"control characters":       {"zo\x07e\n6", []string{"1|zo�e||byhand.line_unreadable", "2|6||"}},
		"undefined bytes":          {"6;r\x81ussi\n\x8d", []string{"1|6|r\ufffdussi|byhand.line_unreadable", "2|\ufffd||byhand.line_unreadable"}},
		"a formula":                {"=HYPERLINK(\"x\")\n\"=HYPERLINK(\"\"http://evil\"\")\"", nil},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := parse(tt.data)
			if tt.want == nil {
				wantKey(t, err, "byhand.list_quotes")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestHandListRefused(t *testing.T) {
	for name, tt := range map[string]struct {
		data, key string
	}{
		"empty":           {"", "byhand.list_empty"},
		"only a mark":     {"\ufeff", "byhand.list_empty"},
		"only headings":   {"email,evidence\n", "byhand.list_empty"},
		"only separators": {";;\n;;", "byhand.list_empty"},
		"NUL":             {"6\x007", "byhand.list_unreadable"},
		"a picture":       {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "byhand.list_unreadable"},
		"unclosed quote":  {"6\n\"7,x\n8\n", "byhand.list_quotes"},
		"too large":       {strings.Repeat("6\n", badges.MaxHandList/2+1), "byhand.list_too_large"},
		"too many":        {strings.Repeat("6\n", badges.MaxHandLines+1), "byhand.list_too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := parse(tt.data)
			wantKey(t, err, tt.key)
		})
	}
	if lines, err := parse(strings.Repeat("6\n", badges.MaxHandLines)); err != nil || len(lines) != badges.MaxHandLines {
		t.Errorf("a list of the limit: %d lines, %v", len(lines), err)
	}
}

func FuzzHandList(f *testing.F) {
	for _, seed := range []string{"6;x\n", "sep=\t\n\"a\"\"b\"\t", "\xff\xfe6", "\"", "a\xe9\x81,\r\r\n"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, err := badges.DecodeHandList(data)
		if err != nil {
			return
		}
		lines, err := badges.ParseHandList(text)
		if err != nil {
			return
		}
		badges.HandEligibility{Members: []badges.Member{{User: "6", Email: "zoe@x.org", Active: true}}}.Match(lines)
		for _, l := range lines {
			if l.Number < 1 || l.Problem == "" && l.User != "6" {
				t.Errorf("line %+v", l)
			}
		}
	})
}

func TestMatchHandList(t *testing.T) {
	standing := badges.HandEligibility{
		Members: []badges.Member{
			{User: "3", Name: "Tomás", Email: "tomas@x.org", Active: true, Teaches: true},
			{User: "6", Name: "Zoë", Username: "zoe.a", Email: "Zoe@x.org", Active: true},
			{User: "14", Name: "Signs in by address", Username: "sinead2@x.org", Email: "sinead2@x.org", Active: true},
			{User: "15", Name: "Named as an id", Username: "7", Email: "six@x.org", Active: true},
			{User: "7", Name: "Sinéad", Email: "shared@x.org", Active: true},
			{User: "8", Name: "Layla", Email: "shared@x.org", Active: true},
			{User: "9", Name: "Søren", Email: "soren@x.org"},
			{User: "10", Name: "Hélène", Active: true},
			{User: "11", Name: "Nora", Email: "nora@x.org", Active: true},
			{User: "16", Name: "Max", Email: "max@x.org", Active: true},
			{User: "12", Name: "Sacha", Email: "sacha@x.org", Active: true},
			{User: "odd@x.org", Name: "Id like an address", Email: "odd2@x.org", Active: true},
			{User: "13", Name: "Address like an id", Email: "odd@x.org", Active: true},
		},
		Cases: badges.Register{Holders: map[badges.BadgeID]map[badges.UserID]badges.Holding{
			"b": {"11": {State: badges.Declined}, "16": {State: badges.Pending}},
		}}.Cases(&badges.Badge{ID: "b"}),
		Proposed: map[badges.UserID]bool{"12": true},
	}
	for written, want := range map[string]string{
		" zoe@X.org":        "6",
		"6":                 "6",
		"7":                 "byhand.line_ambiguous", // an id and a user name
		"ZOE.A":             "6",
		"sinead2@x.org":     "14",
		"shared@x.org":      "byhand.line_ambiguous",
		"odd@x.org":         "byhand.line_ambiguous",
		"nobody@x.org":      "byhand.line_unknown",
		"999":               "byhand.line_unknown",
		"zoe":               "byhand.line_username",
		"=HYPERLINK(1)":     "byhand.line_username",
		"tomas@x.org":       "cannot.teaches",
		"soren@x.org":       "cannot.suspended",
		"10":                "10", // without an address
		"nora@x.org":        "cannot.declined",
		"max@x.org":         "cannot.has",
		"sacha@x.org":       "byhand.line_waits",
		"６":                 "byhand.line_username", // a full-width digit is not part of an id
		"Zoë <zoe@x.org>":   "byhand.line_unknown",
		"mailto:zoe@x.org":  "byhand.line_unknown",
		"zoe@x.org\u200b":   "byhand.line_unknown",
		"' or 1=1 --@x.org": "byhand.line_unknown",
	} {
		lines := []badges.HandLine{{Number: 1, Written: written}}
		standing.Match(lines)
		got := lines[0].Problem
		if got == "" {
			got = string(lines[0].User)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", written, got, want)
		}
	}
	lines := []badges.HandLine{
		{Number: 1, Written: "6"},
		{Number: 2, Written: "zoe@x.org"},
		{Number: 3, Written: "sinead2@x.org", Given: badges.GivenEvidence{Text: strings.Repeat("x", badges.MaxEvidenceText+1)}},
		{User: "8"},
		{User: "999"},
		{Number: 4, Written: "8"}, // ticked above
	}
	standing.Match(lines)
	var problems []string
	for _, l := range lines {
		problems = append(problems, l.Problem)
	}
	if diff := cmp.Diff([]string{"", "byhand.line_twice", "byhand.text_too_long", "", "byhand.line_unknown", "byhand.line_ticked"}, problems); diff != "" || lines[1].FirstLine != 1 {
		t.Errorf("problems (-want +got), twice after line %d:\n%s", lines[1].FirstLine, diff)
	}
}
