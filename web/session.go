package web

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/mux"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/internal/secret"
)

// Session says who opened Insigne from the LMS, in which course, as what. It
// lives in an encrypted cookie of its own for each person and course, so that
// two tabs, two users and two platforms do not disturb each other. Cookies are
// small: what an LMS may make long stands in the database.
type Session struct {
	Handle   string // names the cookie and stands in the path; not a secret
	Course   badges.CourseKey
	Title    string // of the course, shortened
	User     badges.UserID
	Teacher  bool
	Mentor   bool // may read the pages of the learners the LMS named
	Language string
	FramedBy string // origins of the LMS, with spaces between, which alone may embed the pages
	CSRF     string
	Began    int64 // when it was launched, in Unix milliseconds
}

// Path returns the path of a page of the session.
func (s Session) Path(page string) string { return "/c/" + s.Handle + page }

// Session lifetimes, in seconds.
const (
	frameSessionSeconds = 8 * 60 * 60
	adminSessionSeconds = 2 * 60 * 60
)

// sessionStore keeps sessions in cookies by gorilla/sessions.
type sessionStore struct {
	frame, admin *sessions.CookieStore
	handleKey    []byte
}

func newSessionStore(secret *secret.Secret) (*sessionStore, error) {
	var keys [3][]byte
	for i, purpose := range []string{"session/sign", "session/encrypt", "session/handle"} {
		key, err := secret.Key(purpose)
		if err != nil {
			return nil, err
		}
		keys[i] = key
	}
	st := &sessionStore{handleKey: keys[2]}
	st.frame = sessions.NewCookieStore(keys[0], keys[1])
	st.frame.MaxAge(frameSessionSeconds)
	// The LMS embeds these pages from another site, hence SameSite=None; the
	// cross-origin check and the token in each form do what SameSite would.
	st.frame.Options = &sessions.Options{
		Path: "/", MaxAge: frameSessionSeconds, Secure: true, HttpOnly: true,
		SameSite: http.SameSiteNoneMode, Partitioned: true,
	}
	st.admin = sessions.NewCookieStore(keys[0], keys[1])
	st.admin.MaxAge(adminSessionSeconds)
	st.admin.Options = &sessions.Options{
		Path: "/", MaxAge: adminSessionSeconds, Secure: true, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	}
	for _, codec := range slices.Concat(st.frame.Codecs, st.admin.Codecs) {
		if c, ok := codec.(*securecookie.SecureCookie); ok {
			c.MaxLength(0) // ids of an LMS can fill it; what a browser does not keep ends in a page that says so
			c.SetSerializer(sessionText{})
		}
	}
	return st, nil
}

// handle returns the public name of a person's session in a course.
func (st *sessionStore) handle(course badges.CourseKey, user badges.UserID) string {
	mac := hmac.New(sha256.New, st.handleKey)
	// JSON keeps the three parts apart whatever they contain.
	_ = json.NewEncoder(mac).Encode([]string{string(course.Platform), string(course.Context), string(user)})
	return hex.EncodeToString(mac.Sum(nil)[:16])
}

const (
	frameCookie  = "__Host-insigne-"
	adminCookie  = "__Host-insigne-admin"
	sessionValue = "session"
)

// start writes a fresh session over whatever the browser held before, and ends
// the oldest ones of other courses once they are many.
func (st *sessionStore) start(w http.ResponseWriter, r *http.Request, who Session) error {
	fresh := sessions.NewSession(st.frame, frameCookie+who.Handle)
	options := *st.frame.Options
	fresh.Options = &options
	st.endOldest(w, r, fresh.Name())
	return saveSession(w, r, fresh, who)
}

// read returns the session a path names; fault.Unauthenticated when the cookie
// is absent, expired or not ours.
func (st *sessionStore) read(r *http.Request) (Session, error) {
	handle := mux.Vars(r)["session"]
	var who Session
	inTab, err := st.readTab(r, &who)
	if !inTab {
		err = readSession(st.frame, r, frameCookie+handle, &who)
	}
	if err != nil {
		return Session{}, err
	}
	if who.Handle != handle {
		return Session{}, fault.New(fault.Unauthenticated, "problem.session_expired")
	}
	return who, nil
}

func saveSession(w http.ResponseWriter, r *http.Request, session *sessions.Session, value any) error {
	text, err := encodeJSON(value)
	if err != nil {
		return err
	}
	session.Values = sessionValues{sessionValue: text}
	if err := session.Save(r, w); err != nil {
		return fmt.Errorf("save session: %w", err)
	}
	return nil
}

func readSession(st *sessions.CookieStore, r *http.Request, name string, value any) error {
	session, err := st.New(r, name)
	if err != nil {
		return fault.Wrap(err, fault.Unauthenticated, "problem.session_expired")
	}
	text, ok := session.Values[sessionValue].(string)
	if !ok {
		return fault.New(fault.Unauthenticated, "problem.session_expired")
	}
	return decodeJSON(strings.NewReader(text), value)
}

// sessionValues is what gorilla/sessions keeps of a session; ours has one value.
type sessionValues = map[any]any

// sessionText writes that value as it is. The library's own way, gob, describes
// its types in every cookie and learns them anew with every request.
type sessionText struct{}

// Serialize implements securecookie.Serializer for sessionValues.
func (sessionText) Serialize(values any) ([]byte, error) {
	v, _ := values.(sessionValues)
	text, ok := v[sessionValue].(string)
	if !ok {
		return nil, fmt.Errorf("a session cannot be %T", values)
	}
	return []byte(text), nil
}

// Deserialize implements securecookie.Serializer for *sessionValues.
func (sessionText) Deserialize(text []byte, values any) error {
	v, ok := values.(*sessionValues)
	if !ok {
		return fmt.Errorf("a session cannot be read into %T", values)
	}
	*v = sessionValues{sessionValue: string(text)}
	return nil
}

func encodeJSON(value any) (string, error) {
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false) // half as long, and no part of a page
	if err := e.Encode(value); err != nil {
		return "", fmt.Errorf("encode session: %w", err)
	}
	return strings.TrimSuffix(text.String(), "\n"), nil
}

// decodeJSON reads what an earlier version may have written otherwise: then the
// session is over.
func decodeJSON(text io.Reader, value any) error {
	if err := json.NewDecoder(text).Decode(value); err != nil {
		return fault.Wrap(err, fault.Unauthenticated, "problem.session_expired")
	}
	return nil
}

// csrfField is the name of the token in every form.
const csrfField = "csrf"

// checkCSRF compares the form's token, or the header htmx sends, on requests
// that change something.
func checkCSRF(r *http.Request, want string) error {
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if err := parseForm(r); err != nil {
		return err
	}
	got := cmp.Or(r.Header.Get("X-CSRF-Token"), r.PostFormValue(csrfField))
	if want == "" || subtle.ConstantTimeCompare([]byte(got), []byte(want)) != 1 {
		return fault.New(fault.Forbidden, "problem.form_stale")
	}
	return nil
}

// parseForm reads a form of either encoding, and the query; fault.Invalid when
// it is broken, larger than what a person would send, or holds what databases
// refuse.
func parseForm(r *http.Request) error {
	err := r.ParseMultipartForm(maxBody) //nolint:gosec // limitBody bounds every request
	if err == nil || errors.Is(err, http.ErrNotMultipart) {
		err = r.ParseForm()
	}
	switch {
	case err == nil && readable(r.Form):
		return nil
	case err == nil:
		return fault.New(fault.Invalid, "problem.form_unreadable")
	case tooLarge(err) || strings.Contains(err.Error(), "too large"):
		return fault.Wrap(err, fault.Invalid, "problem.too_large")
	default:
		return fault.Wrap(err, fault.Invalid, "problem.form_unreadable")
	}
}

// readable reports whether every value is text that any database takes.
func readable(form url.Values) bool {
	for _, values := range form {
		if slices.ContainsFunc(values, func(v string) bool { return !utf8.ValidString(v) || strings.ContainsRune(v, 0) }) {
			return false
		}
	}
	return true
}
