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

// logRequest gives each request an id and logs its route. It never logs the URL,
// because claim links and one-time links are secrets.
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

// noteRoute puts the route that matched into the Request, for the log.
func noteRoute(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pattern, err := mux.CurrentRoute(r).GetPathTemplate(); err == nil {
			page.RequestOf(r.Context()).Route = pattern
		}
		next.ServeHTTP(w, r)
	})
}

// recoverPanic answers a panic with the internal error page and logs its stack.
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
			if c, ok := v.(*moodle.Crash); ok { // a panic in a goroutine of a reading, with its own stack
				err = c
			}
			s.render.Problem(w, r, err, nil)
		}()
		next.ServeHTTP(w, r)
	})
}

// maxDrain is how much we read and discard of a body that is too large. A browser shows
// our answer only after it has sent the whole body.
const maxDrain = 64 << 20

// limitBody limits the size of every request body.
func (s *Server) limitBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := r.Body
		r.Body = http.MaxBytesReader(w, body, page.MaxBody)
		next.ServeHTTP(w, r)
		// We have answered already, so an error here does not matter.
		_, _ = io.CopyN(io.Discard, body, maxDrain)
	})
}

// refuseCrossOrigin refuses requests that change something and come from a page of
// another site. The LMS sends two such posts; package lti verifies them.
func (s *Server) refuseCrossOrigin(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.AddInsecureBypassPattern("POST " + page.LoginPath)
	protection.AddInsecureBypassPattern("POST " + page.LaunchPath)
	protection.SetDenyHandler(s.render.Public(func(http.ResponseWriter, *http.Request) error { return page.ErrCrossOrigin }))
	return protection.Handler(next)
}

// refuseUnreadable answers "not found" if the path has characters that databases
// refuse.
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

// recorder keeps the status of the answer for the log.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController find the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
