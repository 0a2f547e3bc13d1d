package templates_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/google/go-cmp/cmp"
)

// catalogue has the sentences of one language by key. A sentence with plurals has
// several forms.
type catalogue map[string]map[string]string

var pluralForms = []string{"zero", "one", "two", "few", "many", "other"}

func readCatalogue(t *testing.T, language string) catalogue {
	t.Helper()
	files, err := filepath.Glob("locales/" + language + "/*.toml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no catalogues of %s: %v", language, err)
	}
	c := catalogue{}
	for _, file := range files {
		var tree map[string]any
		if _, err := toml.DecodeFile(file, &tree); err != nil {
			t.Fatal(err)
		}
		c.add(t, "", tree)
	}
	return c
}

func (c catalogue) add(t *testing.T, prefix string, tree map[string]any) {
	t.Helper()
	for name, value := range tree {
		key, form := prefix+name, "other"
		if slices.Contains(pluralForms, name) {
			key, form = strings.TrimSuffix(prefix, "."), name
		}
		switch value := value.(type) {
		case map[string]any:
			c.add(t, key+".", value)
		case string:
			if c[key] == nil {
				c[key] = map[string]string{}
			}
			if _, twice := c[key][form]; twice {
				t.Errorf("%s is in two catalogues", key)
			}
			c[key][form] = value
		}
	}
}

func (c catalogue) keys() []string {
	var keys []string
	for key := range c {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

var placeholder = regexp.MustCompile(`\{\{\.(\w+)\}\}`)

// gaps returns the names of the values that a sentence needs. The form for one may omit
// the number.
func gaps(forms map[string]string) []string {
	var names []string
	for _, text := range forms {
		for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
			if !slices.Contains(names, m[1]) {
				names = append(names, m[1])
			}
		}
	}
	slices.Sort(names)
	return names
}

func TestCataloguesSayTheSame(t *testing.T) {
	en, fr := readCatalogue(t, "en"), readCatalogue(t, "fr")
	if diff := cmp.Diff(en.keys(), fr.keys()); diff != "" {
		t.Fatalf("keys in English (-) and French (+):\n%s", diff)
	}
	for key := range en {
		if diff := cmp.Diff(gaps(en[key]), gaps(fr[key])); diff != "" {
			t.Errorf("%s is filled differently in English (-) and French (+):\n%s", key, diff)
		}
		for language, forms := range map[string]map[string]string{"en": en[key], "fr": fr[key]} {
			if strings.TrimSpace(forms["other"]) == "" {
				t.Errorf("%s: %s says nothing", language, key)
			}
			if _, one := forms["one"]; !one && len(forms) > 1 {
				t.Errorf("%s: %s has plurals but none for one", language, key)
			}
		}
	}
}

// TestTypography checks the rules of each language's typography.
func TestTypography(t *testing.T) {
	const nbsp, thin = "\u00a0", "\u202f"
	for language, rules := range map[string]map[string]string{
		"en": {
			`[\w}]'`:                "straight apostrophe: ’",
			`[ ` + nbsp + `][;:!?]`: "space before punctuation",
			`\.\.\.`:                "three dots: …",
		},
		"fr": {
			`[\pL}]'`:                           "straight apostrophe: ’",
			`"`:                                 "straight quotation mark: « »",
			`\.\.\.`:                            "three dots: …",
			`[^` + thin + `][;!?%](?:\s|$)`:     "no narrow space before ; ! ? %",
			`[^` + nbsp + `]:(?:\s|$)`:          "no fixed space before a colon",
			`«[^` + nbsp + `]|[^` + nbsp + `]»`: "no fixed space inside « »",
			`\b(?:e-?mail|mail|login|check)\b`:  "English word",
			`\b(?:étudiants?|apprenants?|élèves?)\b`: "masculine word for everybody: personnes",
		},
	} {
		c := readCatalogue(t, language)
		for rule, name := range rules {
			pattern := regexp.MustCompile(rule)
			for key, forms := range c {
				for _, text := range forms {
					if pattern.MatchString(text) {
						t.Errorf("%s: %s: %s: %q", language, key, name, text)
					}
				}
			}
		}
	}
}

// conditions are the kinds of conditions, and the kinds that can ask about another
// course.
var conditions = []string{
	"course_completed", "course_completed_elsewhere", "course_grade", "course_grade_elsewhere",
	"activity_completed", "activity_completed_elsewhere", "activity_passed", "activity_passed_elsewhere",
	"activity_grade", "activity_grade_elsewhere", "line_item_grade", "group_member", "badge_held",
}

// composed lists the keys that code puts together, by their prefix. If a list is nil,
// it is read from the constants in the file.
var composed = []struct {
	prefix string
	ends   []string
	file   string
}{
	{prefix: "problem.lti.", file: "../lti/errors.go"},
	{prefix: "problem.moodle.", file: "../moodle/errors.go"},
	{prefix: "problem.moodle.", file: "../moodle/check.go"},
	{prefix: "problem.", ends: []string{"invalid", "unauthenticated", "forbidden", "not_found", "conflict", "gone", "upstream", "internal"}},
	{prefix: "problem.", ends: []string{"invalid_title", "unauthenticated_title", "forbidden_title", "not_found_title", "conflict_title", "gone_title", "moved_title", "upstream_title", "internal_title"}},
	{prefix: "rule.", ends: append(conditions, "by_hand", "joined_by_all", "joined_by_any")},
	{prefix: "option.", ends: conditions},
	{prefix: "badge.", ends: []string{"name_missing", "name_too_long", "name_unreadable", "description_missing", "description_too_long", "description_unreadable", "criteria_too_long", "criteria_unreadable", "caption_too_long", "caption_unreadable", "tags_missing", "tags_too_long", "tags_unreadable"}},
	{prefix: "badge.alignment_", ends: []string{"name_missing", "name_too_long", "name_unreadable", "framework_too_long", "framework_unreadable", "code_too_long", "code_unreadable"}},
	{prefix: "badge.translation_", ends: []string{"name_missing", "name_too_long", "name_unreadable", "description_missing", "description_too_long", "description_unreadable", "criteria_missing", "criteria_too_long", "criteria_unreadable"}},
	{prefix: "issuer.", ends: []string{"name_missing", "name_too_long", "name_unreadable", "description_too_long", "description_unreadable"}},
	{prefix: "recipient.", ends: []string{"reason_missing", "reason_too_long", "reason_unreadable"}},
	{prefix: "byhand.", ends: []string{"text_too_long", "text_unreadable"}},
	{prefix: "badge_state.", ends: []string{"draft", "on", "off"}},
	{prefix: "assertion_state.", ends: []string{"withheld", "pending", "claimed", "private", "declined", "withdrawn", "revoked", "replaced"}},
	{prefix: "standing.", file: "../badges/outlook.go"},
	{prefix: "cannot.", file: "../badges/case.go"},
	{prefix: "cannot_you.", ends: []string{"declined", "declined_higher", "taken_back", "fell", "erased", "teaches", "suspended", "passed_over", "too_late"}},
	{prefix: "verdict.", ends: []string{"met", "unmet", "unknown", "spare"}},
	{prefix: "tool.value.", ends: []string{"name", "target", "login", "redirect", "keys", "deep_linking", "icon", "custom", "scopes"}},
	{prefix: "tool.key.", ends: []string{"next", "current", "previous"}},
	{prefix: "tool.problem.", ends: []string{"issuer", "client_id", "auth_url", "token_url", "keys_url"}},
	{prefix: "issuer_keys.algorithm.", ends: []string{"EdDSA", "RS256", "ES256"}},
	{prefix: "diagnosis.fix.", file: "../connect/fix.go"},
	{prefix: "admin.check_cost_", file: "../connect/servicecheck.go"},
	{prefix: "connection.", file: "../connect/probe.go"},
	{prefix: "channel.", ends: []string{"mail", "message"}},
	{prefix: "mail.", ends: []string{"award_subject", "end_subject", "address_subject", "test_subject"}},
	{prefix: "picture.ready.", ends: readyPictures()},
}

func readyPictures() []string {
	files, _ := filepath.Glob("../picture/ready/*.svg") // without files no key is used, and the test fails
	for i, file := range files {
		files[i] = strings.TrimSuffix(filepath.Base(file), ".svg")
	}
	return files
}

var constant = regexp.MustCompile(`(?m)^(?:const |\t)\w+ +(?:Reason|Problem|Standing|Fix|Cost|ProbeKind) += "(\w+)"`)

// usedKeys returns the keys that templates and code use, with the file of each.
func usedKeys(t *testing.T, c catalogue) map[string]string {
	t.Helper()
	used := map[string]string{}
	for _, family := range composed {
		ends := family.ends
		if family.file != "" {
			for _, m := range constant.FindAllStringSubmatch(readText(t, family.file), -1) {
				ends = append(ends, m[1])
			}
		}
		if len(ends) == 0 {
			t.Errorf("no key found that begins with %s", family.prefix)
		}
		for _, end := range ends {
			used[family.prefix+end] = "composed"
		}
	}
	inTemplate := regexp.MustCompile(`\bt "([^"]+)"`)
	inCode := regexp.MustCompile(`"((?:` + strings.Join(sections(c), "|") + `)\.[a-z0-9_.]*[a-z0-9])"`)
	for _, file := range sources(t) {
		pattern := inCode
		if filepath.Ext(file) != ".go" {
			pattern = inTemplate
		}
		for _, m := range pattern.FindAllStringSubmatch(readText(t, file), -1) {
			if ext := filepath.Ext(m[1]); ext != ".png" && ext != ".html" && ext != ".toml" {
				used[m[1]] = file
			}
		}
	}
	return used
}

func sections(c catalogue) []string {
	var list []string
	for key := range c {
		section, _, _ := strings.Cut(key, ".")
		if !slices.Contains(list, section) {
			list = append(list, section)
		}
	}
	return list
}

// sources returns the templates and the code that can use keys.
func sources(t *testing.T) []string {
	t.Helper()
	var files []string
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"../campus", "../tools", "../.git", "../templates/static"}, path) {
			return fs.SkipDir
		}
		ext := filepath.Ext(path)
		template := strings.HasPrefix(path, "../templates/") && (ext == ".html" || ext == ".txt")
		if template || ext == ".go" && !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func readText(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestEveryKeyIsUsedAndExists(t *testing.T) {
	c := readCatalogue(t, "en")
	used := usedKeys(t, c)
	for key, file := range used {
		if c[key] == nil {
			t.Errorf("%s, used in %s, is not in a catalogue", key, file)
		}
	}
	for _, key := range c.keys() {
		if used[key] == "" {
			t.Errorf("%s is used nowhere", key)
		}
	}
}
