package admin

import (
	"net/http"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/badges"
	"github.com/insigne-badges/insigne/connect"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/store"
	"github.com/insigne-badges/insigne/web/page"
)

// platformData is the page of one platform.
type platformData struct {
	Platform   badges.Platform
	ClientID   string
	Check      *checkView        // the last check of the web services; nil if there was none
	Functions  []moodle.Function // the functions that the web service needs
	Problem    string            // why the web-service form was refused
	Issuers    []issuerForm
	NewIssuer  issuerForm
	Courses    []badges.Course
	Arrival    arrivalData
	Places     []store.Deployment
	Connection []checkLine
}

func (h *Handler) pathPlatform(r *http.Request) (store.Platform, error) {
	return h.Store.Platform(r.Context(), badges.PlatformID(mux.Vars(r)["platform"]))
}

func (h *Handler) platformPage(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	return h.showPlatform(w, r, admin, p, platformData{}, nil)
}

// showPlatform shows the page of p. data has what a refused form left; refused is the
// organisation that could not be saved, nil if there is none.
func (h *Handler) showPlatform(w http.ResponseWriter, r *http.Request, admin page.AdminSession, p store.Platform, data platformData, refused *issuerForm) error {
	locale := h.Locale(r, nil)
	page.RememberLanguage(w, r, locale)
	data.Platform, data.ClientID, data.Functions = p.Platform, p.Registration.ClientID, moodle.Functions()
	check, err := connect.ReadServiceCheck(p.Check)
	if err != nil {
		return err
	}
	data.Check = viewCheck(check, locale)
	if data.Courses, err = h.Store.Courses(r.Context(), p.ID); err != nil {
		return err
	}
	if data.Arrival, err = h.arrivalOf(r.Context(), p.ID); err != nil {
		return err
	}
	if data.Places, err = h.Deployments.Of(r.Context(), p.ID); err != nil {
		return err
	}
	issuers, err := h.Store.Issuers(r.Context(), p.ID)
	if err != nil {
		return err
	}
	action := "/admin/platforms/" + string(p.ID) + "/issuers"
	show := func(i badges.Issuer) issuerForm {
		form := issuerForm{Issuer: i, Action: action, CSRF: admin.CSRF}
		if refused != nil && refused.Issuer.ID == i.ID {
			form.Issuer, form.Problem = refused.Issuer, refused.Problem
		}
		return h.withLogo(form)
	}
	data.NewIssuer = show(badges.Issuer{})
	for _, i := range issuers {
		form := show(i)
		if form.Keys, err = h.issuerKeys(r.Context(), i.ID); err != nil {
			return err
		}
		data.Issuers = append(data.Issuers, form)
	}
	status := http.StatusOK
	if refused != nil || data.Problem != "" {
		status = http.StatusUnprocessableEntity
	}
	return h.ShowStatus(w, r, status, locale, "admin/platform", admin.Page(p.Name, data))
}

// saveService stores the web-service address and token, then checks them.
func (h *Handler) saveService(w http.ResponseWriter, r *http.Request, admin page.AdminSession) error {
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	service, err := connect.EnteredService(p.Service, r.PostFormValue("url"), r.PostFormValue("token"))
	if err != nil {
		p.Service.URL = service.URL
		return h.showPlatform(w, r, admin, p, platformData{Problem: page.Message(err, h.Locale(r, nil))}, nil)
	}
	if err := h.Services.Save(r.Context(), p.ID, service); err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin/platforms/"+string(p.ID)+"#service")
}

// syncCourse requests a reading of a course, at once.
func (h *Handler) syncCourse(w http.ResponseWriter, r *http.Request, _ page.AdminSession) error {
	ctx := r.Context()
	p, err := h.pathPlatform(r)
	if err != nil {
		return err
	}
	key := badges.CourseKey{Platform: p.ID, Context: badges.ContextID(r.PostFormValue("course"))}
	if _, err := h.Store.Course(ctx, key); err != nil {
		return err
	}
	err = h.Store.Tx(ctx, func(tx *store.Tx) error {
		return tx.RequestSync(ctx, key, badges.ByTeacher)
	})
	if err != nil {
		return err
	}
	return page.SeeOther(w, r, "/admin/platforms/"+string(p.ID)+"#courses")
}
