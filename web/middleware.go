package web

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"github.com/insigne-badges/insigne/internal/fault"
	"github.com/insigne-badges/insigne/moodle"
	"github.com/insigne-badges/insigne/web/page"
)

// logRequest gives each request an id and logs its route, never its URL: claim
// links and one-time links are secrets.
func (s *Server) logRequest(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		info := &page.Request{ID: rand.Text(), Route: "none"}
		start := s.now()
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		rec.Header().Set("X-Request-Id", info.ID)
		ctx := page.WithRequest(r.Context(), info)
		next.ServeHTTP(rec, r.WithContext(ctx))
		s.render.Log.LogAttrs(ctx, slog.LevelInfo, "request",
			slog.String("request_id", info.ID), slog.String("method", r.Method), slog.String("route", info.Route),
			slog.Int("status", rec.status), slog.Duration("duration", s.now().Sub(start).Round(time.Microsecond)))
	})
}

// noteRoute gives the log the route that matched.
func noteRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pattern, err := mux.CurrentRoute(r).GetPathTemplate(); err == nil {
			page.RequestOf(r.Context()).Route = pattern
		}
		next.ServeHTTP(w, r)
	})
}

// recoverPanic turns a defect into the internal error page and a logged stack.
func (s *Server) recoverPanic(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			v := recover()
			if v == nil {
				return
			}
			if err, ok := v.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(v)
			}
			err := fmt.Errorf("%s\n%s", fault.OfPanic(v), debug.Stack())
			if c, ok := v.(*moodle.Crash); ok { // in a goroutine of a reading, with its own stack
				err = c
			}
			s.render.Problem(w, r, err, nil)
		}()
		next.ServeHTTP(w, r)
	})
}

// maxDrain bounds what is read and thrown away of a body that is too large: a
// browser shows the answer only after it could send everything.
const maxDrain = 64 << 20

// limitBody bounds every request body.
func (s *Server) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		r.Body = http.MaxBytesReader(w, body, page.MaxBody)
		next.ServeHTTP(w, r)
		// The request has been answered, also if the rest does not arrive.
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	})
}

// refuseCrossOrigin refuses state-changing requests that another site's page makes
// in a browser. The LMS's own two posts are verified by package lti.
func (s *Server) refuseCrossOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("POST " + page.LoginPath)
	protection.AddInsecureBypassPattern("POST " + page.LaunchPath)
	protection.SetDenyHandler(s.render.Public(func(http.ResponseWriter, *http.Request) error { return page.ErrCrossOrigin }))
	return protection.Handler(next)
}

// refuseUnreadable answers "not found" for paths that have characters that
// databases refuse.
func (s *Server) refuseUnreadable(next http.Handler) http.Handler {
	notFound := s.render.Public(func(http.ResponseWriter, *http.Request) error { return page.ErrNoPage })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !utf8.ValidString(r.URL.Path) || strings.ContainsRune(r.URL.Path, 0) {
			notFound.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// recorder remembers the status for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
