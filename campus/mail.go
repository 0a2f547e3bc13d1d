package campus

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
	"unique"

	"github.com/emersion/go-message/mail"
	"golang.org/x/net/html"
)

// Mail is a mail received over SMTP.
type Mail struct {
	ID        int       `json:"id"` // number of the mail, from 1
	To        string    `json:"to"` // recipients of the envelope
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	HTML      string    `json:"html"`
	Links     []string  `json:"links"` // of both parts, without repetitions
	Date      time.Time `json:"date"`
	MessageID string    `json:"message_id"`

	pictures map[string]unique.Handle[string] // data URLs by content id; shared, because many mails contain the same badge
}

// maxMail is the maximum size in bytes.
const maxMail = 4 << 20

// readMail reads a message with its parts. It refuses a message without a date or with
// a header that cannot be read (RFC 5322, section 3.6).
func readMail(r io.Reader) (Mail, error) {
	reader, err := mail.CreateReader(r)
	if err != nil {
		return Mail{}, fmt.Errorf("read mail: %w", err)
	}
	m := Mail{pictures: map[string]unique.Handle[string]{}}
	if err := m.readHeader(reader.Header); err != nil {
		return Mail{}, fmt.Errorf("read header of mail: %w", err)
	}
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = m.readPart(part)
		}
		if err != nil {
			return Mail{}, fmt.Errorf("read part of mail: %w", err)
		}
	}
	m.Links = links(m.HTML, m.Text)
	return m, nil
}

func (m *Mail) readHeader(h mail.Header) (err error) {
	if m.Subject, err = h.Subject(); err != nil {
		return err
	}
	if m.MessageID, err = h.MessageID(); err != nil {
		return err
	}
	m.Date, err = h.Date()
	return err
}

func (m *Mail) readPart(part *mail.Part) error {
	body, err := io.ReadAll(io.LimitReader(part.Body, maxMail))
	if err != nil {
		return err
	}
	kind, _, _ := strings.Cut(part.Header.Get("Content-Type"), ";")
	id := strings.Trim(part.Header.Get("Content-Id"), "<>")
	switch {
	case kind == "text/plain" && m.Text == "":
		m.Text = strings.ReplaceAll(string(body), "\r\n", "\n")
	case kind == "text/html" && m.HTML == "":
		m.HTML = string(body)
	case strings.HasPrefix(kind, "image/") && id != "":
		m.pictures[id] = unique.Make("data:" + kind + ";base64," + base64.StdEncoding.EncodeToString(body))
	}
	return nil
}

// page returns the HTML part with its pictures.
func (m Mail) page() string {
	page := m.HTML
	for id, data := range m.pictures {
		page = strings.ReplaceAll(page, "cid:"+id, data.Value())
	}
	return page
}

var address = regexp.MustCompile(`https?://[^\s<>"]+`)

// links returns the addresses in both parts: first the links of the HTML part, then the
// addresses in the text part.
func links(markup, text string) []string {
	found := []string{}
	tokens := html.NewTokenizer(strings.NewReader(markup))
	for tokens.Next() != html.ErrorToken {
		for _, a := range tokens.Token().Attr {
			if a.Key == "href" {
				found = append(found, a.Val)
			}
		}
	}
	for _, link := range address.FindAllString(text, -1) {
		found = append(found, strings.TrimRight(link, ".,;:!?)"))
	}
	var once []string
	for _, link := range found {
		if !slices.Contains(once, link) {
			once = append(once, link)
		}
	}
	return once
}
