package campus

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/gorilla/mux"
)

//go:embed site
var siteFiles embed.FS

// pages are the site's templates by language.
type pages map[string]*template.Template

// words are the site's texts in English and French.
func words() map[string][2]string {
	return map[string][2]string{
		"title":          {"Example campus", "Campus d’exemple"},
		"intro":          {"A simulated LMS beside Insigne. Choose who you are.", "Un LMS simulé à côté d’Insigne. Choisissez qui vous êtes."},
		"admin":          {"Administrator", "Administration"},
		"teacher":        {"Teacher", "Enseignant"},
		"learner":        {"Learner", "Étudiant·e"},
		"everybody":      {"Everybody in the course", "Toutes les personnes du cours"},
		"gradebook":      {"Gradebook", "Carnet de notes"},
		"inbox":          {"Mail inbox", "Boîte aux lettres"},
		"messages":       {"Messages", "Messages"},
		"tools":          {"Manage tools", "Gérer les outils"},
		"register":       {"Add LTI Advantage", "Ajouter LTI Advantage"},
		"url":            {"Tool URL", "URL de l’outil"},
		"activate":       {"Activate", "Activer"},
		"active":         {"active", "actif"},
		"pending":        {"pending", "en attente"},
		"save":           {"Save", "Enregistrer"},
		"gradehelp":      {"Grades in percent. Change one and save: Insigne reads it within seconds.", "Notes en pourcentage. Modifiez-en une et enregistrez : Insigne la lit en quelques secondes."},
		"coursedone":     {"Course completed", "Cours achevé"},
		"done":           {"done", "achevé"},
		"nothing":        {"Nothing yet.", "Rien pour l’instant."},
		"suspended":      {"suspended", "suspendu"},
		"to":             {"To", "À"},
		"text":           {"Text part", "Partie texte"},
		"as":             {"as", "en tant que"},
		"error":          {"Error", "Erreur"},
		"returned":       {"The tool sent you back to the course.", "L’outil vous a renvoyé au cours."},
		"add":            {"Add an activity with Insigne", "Ajouter une activité avec Insigne"}, //nolint:misspell // French
		"courses":        {"Courses", "Cours"},
		"copycourse":     {"Copy BADGE101", "Copier BADGE101"},
		"pageback":       {"Previous page", "Page précédente"},
		"pageon":         {"Next page", "Page suivante"},
		"review":         {"Review", "Examiner"},
		"activities":     {"Activities", "Activités"}, //nolint:misspell // French
		"back":           {"Back to the course", "Retour au cours"},
		"nopermissions":  {"Sorry, but you do not currently have permissions to do that.", "Désolé, vous n’avez pas les droits pour faire cela."},
		"sesskey":        {"Your session has most likely timed out. Please log in again.", "Votre session a probablement expiré. Veuillez vous reconnecter."},
		"invalidrequest": {"Coding error detected: the LTI request is not valid.", "Erreur de programmation : la demande LTI n’est pas valable."},
		"notool":         {"No tool is active: the administrator registers and activates it first.", "Aucun outil n’est actif : l’administration l’enregistre et l’active d’abord."},
	}
}

func parsePages() (pages, error) {
	parsed := pages{}
	for i, lang := range []string{"en", "fr"} {
		word := func(key string) string { return words()[key][i] }
		t, err := template.New("").Funcs(template.FuncMap{"w": word}).ParseFS(siteFiles, "site/*.html")
		if err != nil {
			return nil, fmt.Errorf("campus: parse pages: %w", err)
		}
		parsed[lang] = t
	}
	return parsed, nil
}

func (c *Campus) siteRoutes(r *mux.Router) {
	protection := http.NewCrossOriginProtection()
	get := func(path string, h http.HandlerFunc) { r.HandleFunc(path, h).Methods(http.MethodGet, http.MethodHead) }
	post := func(path string, h http.HandlerFunc) { r.Handle(path, protection.Handler(h)).Methods(http.MethodPost) }
	get("/", c.home)
	get("/course/{course:[0-9]+}", c.coursePage)
	get("/course/{course:[0-9]+}/add", c.addPage)
	get("/gradebook", c.gradebook)
	post("/gradebook", c.saveGradebook)
	get("/messages/{user:[0-9]+}", c.messagesPage)
	get("/inbox", c.inboxPage)
	get("/inbox/{mail:[0-9]+}", c.mailPage)
	get("/inbox/{mail:[0-9]+}/html", c.mailHTML)
	get("/inbox.json", c.inboxJSON)
	get("/admin/tools", c.toolsPage)
	post("/admin/courses/copy", c.copyCourse)
	post("/admin/tools/register", c.openRegistration)
	post("/admin/tools/{tool:[0-9]+}/activate", c.activateTool)
	r.PathPrefix("/site/").Handler(http.FileServerFS(siteFiles)).Methods(http.MethodGet, http.MethodHead)
}

// sitePage is the part that all pages of the site share.
type sitePage struct {
	Lang string
	Data any
}

func siteLanguage(r *http.Request) string {
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		lang = r.Header.Get("Accept-Language")
	}
	if strings.HasPrefix(lang, "fr") {
		return "fr"
	}
	return "en"
}

func (c *Campus) render(w http.ResponseWriter, r *http.Request, status int, name string, data any) {
	lang := siteLanguage(r)
	var body bytes.Buffer
	if err := c.pages[lang].ExecuteTemplate(&body, name, sitePage{Lang: lang, Data: data}); err != nil {
		c.cfg.Log.ErrorContext(r.Context(), "campus page not rendered", "page", name, "error", err)
		http.Error(w, "page not rendered", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = body.WriteTo(w) // the client may have gone
}

// moodleError shows Moodle's own error page. Nothing is posted to the tool.
func (c *Campus) moodleError(w http.ResponseWriter, r *http.Request, word string) {
	c.render(w, r, http.StatusNotFound, "error", word)
}

// homeData is the data of the first page.
type homeData struct {
	Pager  pager
	People []Person
	Copies []courseName // the copies of the first course
}

func (c *Campus) home(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	learners := c.school.learners()
	data := homeData{Pager: newPager(r, len(learners)), Copies: c.school.courseNames()[1:]}
	for _, p := range page(learners, data.Pager.from(), rowsPerPage) {
		data.People = append(data.People, *p)
	}
	c.mu.Unlock()
	c.render(w, r, http.StatusOK, "home", data)
}

func (c *Campus) messagesPage(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(mux.Vars(r)["user"], 10, 64)
	if err != nil {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	var list []template.HTML
	for _, m := range c.Messages(id) {
		list = append(list, template.HTML(m.HTML)) //nolint:gosec // shows the tool's markup as Moodle does; the page has no secrets
	}
	c.render(w, r, http.StatusOK, "messages", list)
}

// inboxData is one page of the inbox, the newest mail first.
type inboxData struct {
	Pager pager
	Mails []Mail
}

func (c *Campus) inboxPage(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	data := inboxData{Pager: newPager(r, len(c.mails))}
	end := len(c.mails) - data.Pager.from()
	data.Mails = slices.Clone(c.mails[max(end-rowsPerPage, 0):end])
	c.mu.Unlock()
	slices.Reverse(data.Mails)
	c.render(w, r, http.StatusOK, "inbox", data)
}

// received returns the mail with the number in the path.
func (c *Campus) received(r *http.Request) (Mail, bool) {
	id, err := strconv.Atoi(mux.Vars(r)["mail"])
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil || id < 1 || id > len(c.mails) {
		return Mail{}, false
	}
	return c.mails[id-1], true
}

func (c *Campus) mailPage(w http.ResponseWriter, r *http.Request) {
	m, ok := c.received(r)
	if !ok {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	c.render(w, r, http.StatusOK, "mail", m)
}

// mailHTML serves the HTML part of a mail for a sandboxed frame.
func (c *Campus) mailHTML(w http.ResponseWriter, r *http.Request) {
	m, ok := c.received(r)
	if !ok {
		c.moodleError(w, r, "invalidrequest")
		return
	}
	w.Header().Set("Content-Security-Policy",
		"sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = io.WriteString(w, strings.Replace(m.page(), "<head>", `<head><base target="_blank">`, 1)) // the client may have gone
}
