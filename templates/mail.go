package templates

import (
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"strings"
	texttemplate "text/template"
	"time"
)

// Mail has the values that mails and messages show.
type Mail struct {
	Name        string // of the learner
	Badge       string
	Description string
	Criteria    string // in the teacher's words; may be empty
	Rule        string // the rule in one sentence
	Course      string
	Issuer      string
	IssuerURL   string
	URL         string // what the button opens
	Picture     string // address of the picture: a cid: address or a URL
	AwardedAt   time.Time
	ExpiresAt   time.Time // zero: no end
	Replaces    string    // the lower step that the badge replaces; empty if none
	Again       bool      // the badge can be earned again
	NoAddress   bool      // the learner must give an address before they can claim
	EndsAt      time.Time // when the link stops working; zero: never
	Host        string    // of this installation
}

func (s *Set) parseMails(locale Locale) (map[string]*template.Template, map[string]*texttemplate.Template, error) {
	names, err := fs.Glob(files, "mails/*")
	if err != nil {
		return nil, nil, err
	}
	mails, texts := map[string]*template.Template{}, map[string]*texttemplate.Template{}
	for _, file := range names {
		name, kind, _ := strings.Cut(path.Base(file), ".")
		if kind == "txt" {
			texts[name], err = texttemplate.New(path.Base(file)).Funcs(s.funcs(locale)).ParseFS(files, file)
		} else {
			mails[name], err = template.New(path.Base(file)).Funcs(s.funcs(locale)).ParseFS(files, "layouts/mail.html", file) // a mail may replace parts of the layout
		}
		if err != nil {
			return nil, nil, err
		}
	}
	return mails, texts, nil
}

// Mail returns the HTML and the text part of the mail called name.
func (s *Set) Mail(locale Locale, name string, data Mail) (html, text string, err error) {
	var h, t bytes.Buffer
	if err := s.mails[locale.index][name].Execute(&h, data); err != nil {
		return "", "", fmt.Errorf("render mail %s: %w", name, err)
	}
	if err := s.texts[locale.index][name].Execute(&t, data); err != nil {
		return "", "", fmt.Errorf("render mail %s: %w", name, err)
	}
	return h.String(), t.String(), nil
}

// Message returns the message called name, to be sent inside the LMS.
func (s *Set) Message(locale Locale, name string, data Mail) (string, error) {
	var h bytes.Buffer
	if err := s.mails[locale.index][name].Execute(&h, data); err != nil {
		return "", fmt.Errorf("render message %s: %w", name, err)
	}
	return h.String(), nil
}
