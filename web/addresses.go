// Package web is the face: everything that speaks HTTP and HTML.
package web

import (
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/go-chi/chi/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/gzhttp"

	"regiogriffie/internal/file"
	"regiogriffie/web/account"
	"regiogriffie/web/admin"
	"regiogriffie/web/collaborations"
	"regiogriffie/web/files"
	"regiogriffie/web/home"
	"regiogriffie/web/invitations"
	"regiogriffie/web/meetings"
	"regiogriffie/web/partners"
	"regiogriffie/web/proposals"
	"regiogriffie/web/readers"
	"regiogriffie/web/request"
	"regiogriffie/web/respond"
	"regiogriffie/web/routes"
	"regiogriffie/web/snapshot"
	"regiogriffie/web/static"
	"regiogriffie/web/zienswijzen"
)

// App is what the face needs from the front door.
type App struct {
	DB      *pgxpool.Pool
	Health  *pgxpool.Pool    // one connection apart, so that a full pool does not make the program look ill
	Files   *file.Store      // where attachments lie
	Now     func() time.Time // the moment of asking; nil: the clock
	BaseURL string           // as readers type it, such as https://regiogriffie.example; https makes cookies secure
	Contact string           // mail address for security.txt and accessibility
	Proxies request.Proxies  // that readers come through; none: nothing is known of where they come from
	// MailLeaves: a mail server is set. A link for a password then goes to the owner's mailbox; else who makes it sees it.
	MailLeaves bool

	clock    func() time.Time // for the age of the snapshot: that of the machine
	patience time.Duration    // for a request
	snapshot *snapshot.Snapshot
	sessions *scs.SessionManager
}

// publicPages are the addresses whose page the snapshot keeps for readers without a session. Others work as well, live.
var publicPages = map[string]bool{
	"/": true, "/vandaag": true, "/toegankelijkheid": true,
	"/organisaties": true, "/organisaties/{organisation}": true,
	"/samenwerkingen": true, "/samenwerkingen/{collaboration}": true,
	"/zienswijzen": true, "/zienswijzen/{procedure}": true, "/zienswijzen/{procedure}/raden/{organisation}": true,
	"/zienswijzen/{procedure}/klok": true, "/zienswijzen/{procedure}/onderdelen/{number}": true,
	"/samenwerkingen/{collaboration}/jaar/{year}": true,
	"/voorstellen": true, "/voorstellen/{proposal}": true, "/voorstellen/{proposal}/versies/{number}": true, "/voorstellen/{proposal}/dossier": true,
	"/routes":                       true,
	"/voorstellen/{proposal}/route": true, "/voorstellen/{proposal}/route/{step}": true, "/raad/{body}": true,
	"/uitnodigingen": true, "/uitnodigingen/{invitation}": true,
	"/vergaderingen": true, "/vergaderingen/{meeting}": true, "/vergaderingen/{meeting}/agenda/{item}": true,
}

// Routes is every address of the site on one page, grouped by who may come in. The groups are the coarse sieve; the fine
// rule is asked by each query and each verb.
func Routes(a App) http.Handler {
	a = a.begun()
	return a.around(a.addresses(), tidied)
}

// begun is the app with what was left open filled in.
func (a App) begun() App {
	if a.Now == nil {
		a.Now = time.Now
	}
	if a.clock == nil {
		a.clock = time.Now
	}
	if a.patience == 0 {
		a.patience = 15 * time.Second
	}
	a.sessions = a.newSessions()
	a.snapshot = snapshot.New(a.clock)
	return a
}

// addresses is the router within the guards.
func (a App) addresses() *chi.Mux {
	page := respond.To
	r := chi.NewRouter()
	r.Use(headAsGet, a.acts)
	r.NotFound(respond.NotFound)
	r.MethodNotAllowed(respond.NotFound)

	front := home.Pages{DB: a.DB, Contact: a.Contact}
	r.Get("/", page(front.Front))
	r.Get("/vandaag", page(front.Today))
	r.Get("/toegankelijkheid", page(front.Accessibility))

	who := &account.Pages{DB: a.DB, Sessions: a.sessions, Secure: a.secure(), Proxies: a.Proxies}
	r.Get("/inloggen", page(who.NewSession))
	r.Post("/inloggen", page(who.CreateSession))
	r.Post("/uitloggen", page(who.DeleteSession))
	r.Get("/wachtwoord", page(who.ChoosePassword))
	r.Post("/wachtwoord", page(who.UseLink))
	r.Get("/wachtwoord/{token}", page(who.OpenLink))
	r.Get("/afmelden/{code}", page(who.ShowStop))
	r.Post("/afmelden/{code}", page(who.CreateStop))
	r.Post("/afmelden/{code}/herstel", page(who.DeleteStop))
	r.Route("/account", func(r chi.Router) {
		r.Use(needsAccount)
		r.Post("/e-mail/{topic}/afmelding", page(who.CreateRefusal))
		r.Post("/e-mail/{topic}/aanmelding", page(who.DeleteRefusal))
		r.Get("/", page(who.Show))
		r.Get("/spoor", page(who.Trail))
		r.Post("/getoonde-links", page(who.CreateNotice))
		r.Get("/wachtwoord", page(who.EditPassword))
		r.Post("/wachtwoord", page(who.UpdatePassword))
	})
	r.Route("/bevestigingen", func(r chi.Router) {
		r.Use(needsAccount)
		r.Get("/", page(who.Confirmations))
		r.Post("/{change}/akkoord", page(who.CreateVouching))
		r.Post("/{change}/afwijzing", page(who.CreateRefusedEmail))
	})
	r.Route("/beheer", func(r chi.Router) {
		r.Use(needsAccount, needsAdmin)
		keep := admin.Pages{DB: a.DB, BaseURL: a.BaseURL, MailLeaves: a.MailLeaves}
		r.Get("/spoor", page(keep.Trail))
		r.Get("/", page(keep.Overview))
		r.Get("/accounts", page(keep.Accounts))
		r.Post("/accounts", page(keep.Create))
		r.Get("/accounts/nieuw", page(keep.New))
		r.Route("/accounts/{account}", func(r chi.Router) {
			r.Get("/", page(keep.Show))
			r.Post("/", page(keep.UpdateEmail))
			r.Post("/rollen", page(keep.CreateRole))
			r.Post("/rollen/{grant}/einde", page(keep.CreateRoleEnd))
			r.Post("/sluiting", page(keep.CreateClosing))
			r.Post("/heropening", page(keep.CreateReopening))
			r.Post("/wachtwoordlink", page(keep.CreateLink))
		})
		r.Get("/postvak-uit", page(keep.Outbox))
		r.Get("/postvak-uit/{message}", page(keep.ShowMail))
		r.Post("/verzendingen/{mailing}/pauze", page(keep.CreatePause))
		r.Post("/verzendingen/{mailing}/hervatting", page(keep.DeletePause))
		them := partners.Pages{DB: a.DB}
		r.Get("/personen", page(them.People))
		r.Get("/personen/nieuw", page(them.NewPerson))
		r.Post("/personen/nieuw", page(them.CreatePerson))
		r.Get("/personen/{person}", page(them.EditPerson))
		r.Post("/personen/{person}", page(them.UpdatePerson))
	})

	r.Route("/organisaties", func(r chi.Router) {
		them := partners.Pages{DB: a.DB, BaseURL: a.BaseURL}
		sittings := meetings.Pages{DB: a.DB, BaseURL: a.BaseURL}
		r.Get("/", page(them.Index))
		r.Get("/{organisation}", page(them.Show))
		r.Get("/{organisation}/kalender.ics", page(sittings.OrganisationCalendar))
		r.Get("/{organisation}/gremia/{body}/kalender.ics", page(sittings.BodyCalendar))
		r.Group(func(r chi.Router) {
			r.Use(needsAccount)
			r.Get("/nieuw", page(them.New))
			r.Post("/nieuw", page(them.Create))
			r.Get("/{organisation}/bewerken", page(them.Edit))
			r.Post("/{organisation}/bewerken", page(them.Update))
			r.Post("/{organisation}/stappen", page(them.CreateSteps))
			r.Get("/{organisation}/spoor", page(them.Trail))
			r.Get("/{organisation}/gremia/{body}/noodtoegang", page(them.ShowGlass))
			r.Post("/{organisation}/gremia/{body}/noodtoegang", page(them.CreateGlass))
			r.Post("/{organisation}/gremia/{body}/noodtoegang/{glass}/einde", page(them.CreateGlassEnd))
			r.Get("/{organisation}/recessen/nieuw", page(them.NewRecess))
			r.Post("/{organisation}/recessen/nieuw", page(them.CreateRecess))
			r.Get("/{organisation}/recessen/{recess}/bewerken", page(them.EditRecess))
			r.Post("/{organisation}/recessen/{recess}/bewerken", page(them.UpdateRecess))
			r.Post("/{organisation}/recessen/{recess}/verwijdering", page(them.CreateRecessRemoval))
			r.Get("/{organisation}/gremia/nieuw", page(them.NewBody))
			r.Post("/{organisation}/gremia/nieuw", page(them.CreateBody))
			r.Get("/{organisation}/gremia/{body}/bewerken", page(them.EditBody))
			r.Post("/{organisation}/gremia/{body}/bewerken", page(them.UpdateBody))
			r.Get("/{organisation}/gremia/{body}/functies/nieuw", page(them.NewMandate))
			r.Post("/{organisation}/gremia/{body}/functies/nieuw", page(them.CreateMandate))
			r.Get("/{organisation}/gremia/{body}/functies/{mandate}/einde", page(them.NewMandateEnd))
			r.Post("/{organisation}/gremia/{body}/functies/{mandate}/einde", page(them.CreateMandateEnd))
		})
	})
	r.Route("/samenwerkingen", func(r chi.Router) {
		together := collaborations.Pages{DB: a.DB}
		r.Get("/", page(together.Index))
		r.Get("/{collaboration}", page(together.Show))
		r.Get("/{collaboration}/jaar/{year}", page(zienswijzen.Pages{DB: a.DB}.Year))
		r.Group(func(r chi.Router) {
			r.Use(needsAccount)
			r.Get("/nieuw", page(together.New))
			r.Post("/nieuw", page(together.Create))
			r.Get("/{collaboration}/bewerken", page(together.Edit))
			r.Post("/{collaboration}/bewerken", page(together.Update))
			r.Get("/{collaboration}/deelnemers/nieuw", page(together.NewParticipation))
			r.Post("/{collaboration}/deelnemers/nieuw", page(together.CreateParticipation))
			r.Get("/{collaboration}/deelnemers/{participation}/einde", page(together.NewParticipationEnd))
			r.Post("/{collaboration}/deelnemers/{participation}/einde", page(together.CreateParticipationEnd))
		})
	})

	r.Route("/voorstellen", func(r chi.Router) {
		who := readers.Pages{DB: a.DB}
		papers := proposals.Pages{DB: a.DB, Files: a.Files}
		ways := routes.Pages{DB: a.DB}
		r.Get("/", page(papers.Index))
		r.Get("/{proposal}", page(papers.Show))
		r.Get("/{proposal}/versies/{number}", page(papers.ShowVersion))
		r.Get("/{proposal}/dossier", page(ways.Dossier))
		r.Get("/{proposal}/route", page(ways.Show))
		r.Get("/{proposal}/route/{step}", page(ways.ShowStep))
		r.Get("/{proposal}/versies/{number}/verschil", page(papers.ShowDifference))
		r.Group(func(r chi.Router) {
			r.Use(needsAccount)
			r.Get("/nieuw", page(papers.New))
			r.Post("/", page(papers.Create))
			r.Post("/{proposal}", page(papers.Update))
			r.Get("/{proposal}/bewerken", page(papers.Edit))
			r.Get("/{proposal}/lezers", page(who.Show))
			r.Get("/{proposal}/lezers.csv", page(who.Export))
			r.Post("/{proposal}/lezing", page(papers.CreateReading))
			r.Post("/{proposal}/opmerkingen", page(papers.CreateComment))
			r.Get("/{proposal}/medeopstellers", page(papers.EditCoAuthors))
			r.Post("/{proposal}/medeopstellers", page(papers.UpdateCoAuthors))
			r.Get("/{proposal}/adviezen/nieuw", page(papers.NewAdvice))
			r.Post("/{proposal}/adviezen", page(papers.CreateAdvice))
			r.Get("/{proposal}/adviezen/{advice}", page(papers.EditAdvice))
			r.Post("/{proposal}/adviezen/{advice}", page(papers.UpdateAdvice))
			r.Get("/{proposal}/gereedmelding", page(papers.NewReadiness))
			r.Post("/{proposal}/gereedmelding", page(papers.CreateReadiness))
			r.Post("/{proposal}/akkoord", page(papers.CreateConsent))
			r.Get("/{proposal}/terugzending", page(papers.NewReturn))
			r.Post("/{proposal}/terugzending", page(papers.CreateReturn))
			r.Post("/{proposal}/aanbieding", page(papers.CreateOffering))
			r.Get("/{proposal}/intrekking", page(papers.NewWithdrawal))
			r.Post("/{proposal}/intrekking", page(papers.CreateWithdrawal))
			r.Post("/{proposal}/bijlagen", page(papers.CreateAttachment))
			r.Post("/{proposal}/bijlagen/{attachment}/verwijdering", page(papers.CreateRemoval))
			r.Post("/{proposal}/route", page(ways.Create))
			r.Get("/{proposal}/route/samenstellen", page(ways.Compose))
			r.Post("/{proposal}/route/volgen", page(ways.CreateFollowing))
			r.Post("/{proposal}/route/ontvolgen", page(ways.DeleteFollowing))
			r.Post("/{proposal}/route/stappen", page(ways.CreateStep))
			r.Get("/{proposal}/route/verzending", page(ways.NewSending))
			r.Post("/{proposal}/route/verzending", page(ways.CreateSending))
			r.Get("/{proposal}/route/{step}/bewerken", page(ways.EditStep))
			r.Post("/{proposal}/route/{step}/bewerken", page(ways.UpdateStep))
			r.Post("/{proposal}/route/{step}/verwijdering", page(ways.DeleteStep))
			r.Get("/{proposal}/route/{step}/overslaan", page(ways.NewSkip))
			r.Post("/{proposal}/route/{step}/overslaan", page(ways.CreateSkip))
			r.Post("/{proposal}/route/{step}/agendering", page(ways.CreatePlacing))
			r.Post("/{proposal}/route/{step}/planning", page(ways.CreatePlanning))
			r.Get("/{proposal}/route/{step}/oplegger", page(ways.EditLocal))
			r.Post("/{proposal}/route/{step}/oplegger", page(ways.UpdateLocal))
			r.Get("/{proposal}/route/{step}/weigering", page(ways.NewRefusal))
			r.Post("/{proposal}/route/{step}/weigering", page(ways.CreateRefusal))
			r.Post("/{proposal}/route/{step}/vragen", page(ways.CreateQuestion))
			r.Get("/{proposal}/route/{step}/vragen/{question}", page(ways.NewAnswer))
			r.Post("/{proposal}/route/{step}/vragen/{question}", page(ways.CreateAnswer))
		})
	})
	r.Get("/routes", page(routes.Pages{DB: a.DB}.Index))
	r.With(needsAccount).Get("/postvak-in", page(routes.Pages{DB: a.DB}.InTray))
	r.Get("/raad/{body}", page(routes.Pages{DB: a.DB}.Before))
	r.With(needsAccount).Post("/voorbeeld", page(proposals.Pages{DB: a.DB}.Preview))
	r.Get("/bestanden/{attachment}", page(files.Pages{DB: a.DB, Files: a.Files}.Show))

	guests := invitations.Pages{DB: a.DB, Files: a.Files, BaseURL: a.BaseURL}
	r.Route("/uitnodigingen", func(r chi.Router) {
		r.Get("/", page(guests.Index))
		r.With(needsAccount).Get("/nieuw", page(guests.New))
		r.With(needsAccount).Post("/", page(guests.Create))
		r.Route("/{invitation}", func(r chi.Router) {
			r.Get("/", page(guests.Show))
			r.Get("/kalender.ics", page(guests.Calendar))
			r.Group(func(r chi.Router) {
				r.Use(needsAccount)
				r.Get("/bewerken", page(guests.Edit))
				r.Post("/bewerken", page(guests.Update))
				r.Get("/gasten", page(guests.EditGuests))
				r.Post("/gasten", page(guests.UpdateGuests))
				r.Post("/programma", page(guests.CreatePart))
				r.Get("/programma/nieuw", page(guests.NewPart))
				r.Get("/programma/{part}/bewerken", page(guests.EditPart))
				r.Post("/programma/{part}/bewerken", page(guests.UpdatePart))
				r.Post("/programma/{part}/plaats", page(guests.CreateMove))
				r.Get("/programma/{part}/verwijdering", page(guests.NewRemoval))
				r.Post("/programma/{part}/verwijdering", page(guests.CreateRemoval))
				r.Post("/bijlagen", page(guests.CreateAttachment))
				r.Post("/bijlagen/{attachment}/verwijdering", page(guests.DeleteAttachment))
				r.Post("/opmerkingen", page(guests.CreateRemark))
				r.Get("/voorlegging", page(guests.NewAsking))
				r.Post("/voorlegging", page(guests.CreateAsking))
				r.Post("/ondertekening", page(guests.CreateSignature))
				r.Get("/publicatie", page(guests.NewPublication))
				r.Post("/publicatie", page(guests.CreatePublication))
				r.Get("/annulering", page(guests.NewCancellation))
				r.Post("/annulering", page(guests.CreateCancellation))
				r.Post("/verzendingen/{mailing}/pauze", page(guests.CreatePause))
				r.Post("/verzendingen/{mailing}/hervatting", page(guests.DeletePause))
			})
		})
	})

	r.Route("/zienswijzen", func(r chi.Router) {
		views := zienswijzen.Pages{DB: a.DB}
		r.Get("/", page(views.Index))
		r.Get("/{procedure}", page(views.Show))
		r.Get("/{procedure}/klok", page(views.Align))
		r.Get("/{procedure}/onderdelen/{number}", page(views.ShowSubject))
		r.Get("/{procedure}/raden/{organisation}", page(views.ShowView))
		r.Group(func(r chi.Router) {
			r.Use(needsAccount)
			r.Get("/nieuw", page(views.New))
			r.Post("/nieuw", page(views.Create))
			r.Get("/{procedure}/bewerken", page(views.Edit))
			r.Post("/{procedure}/bewerken", page(views.Update))
			r.Get("/{procedure}/verzending", page(views.NewSending))
			r.Post("/{procedure}/verzending", page(views.CreateSending))
			r.Post("/{procedure}/publicatie", page(views.CreatePublication))
			r.Post("/{procedure}/publicatie/intrekking", page(views.CreateRetraction))
			r.Post("/{procedure}/sluiting", page(views.CreateClosing))
			r.Get("/{procedure}/raden/{organisation}/bewerken", page(views.EditView))
			r.Post("/{procedure}/raden/{organisation}/bewerken", page(views.UpdateView))
			r.Post("/{procedure}/raden/{organisation}/agendering", page(views.CreateScheduling))
			r.Get("/{procedure}/raden/{organisation}/besluit", page(views.NewDecision))
			r.Post("/{procedure}/raden/{organisation}/besluit", page(views.CreateDecision))
			r.Post("/{procedure}/raden/{organisation}/verzending", page(views.CreateViewSending))
			r.Post("/{procedure}/raden/{organisation}/publicatie", page(views.CreateViewPublication))
			r.Post("/{procedure}/raden/{organisation}/publicatie/intrekking", page(views.CreateViewRetraction))
			r.Get("/{procedure}/raden/{organisation}/beantwoording", page(views.NewAnswer))
			r.Post("/{procedure}/raden/{organisation}/beantwoording", page(views.CreateAnswer))
		})
	})

	r.Route("/vergaderingen", func(r chi.Router) {
		m := meetings.Pages{DB: a.DB, Files: a.Files, BaseURL: a.BaseURL}
		who := readers.Pages{DB: a.DB}
		r.Get("/", page(m.Index))
		r.With(needsAccount).Get("/nieuw", page(m.New))
		r.With(needsAccount).Post("/", page(m.Create))
		r.Route("/{meeting}", func(r chi.Router) {
			r.Get("/", page(m.Show))
			r.Get("/kalender.ics", page(m.Calendar))
			r.Get("/agenda/{item}", page(m.ShowItem))
			r.Group(func(r chi.Router) {
				r.Use(needsAccount)
				r.Get("/bewerken", page(m.Edit))
				r.Post("/bewerken", page(m.Update))
				r.Post("/bekendmaking", page(m.CreateAnnouncement))
				r.Get("/oproep", page(m.NewCall))
				r.Post("/oproep", page(m.CreateCall))
				r.Post("/verzendingen/{mailing}/pauze", page(m.CreatePause))
				r.Post("/verzendingen/{mailing}/hervatting", page(m.DeletePause))
				r.Get("/annulering", page(m.NewCancellation))
				r.Post("/annulering", page(m.CreateCancellation))
				r.Get("/save-the-date", page(guests.NewSaveTheDate))
				r.Post("/save-the-date", page(guests.CreateSaveTheDate))
				r.Get("/samen/{party}", page(m.ShowParty))
				r.Post("/samen/{party}/instemming", page(m.CreateAgreement))
				r.Post("/samen/{party}/weigering", page(m.CreateRefusal))
				r.Post("/samen/{party}/intrekking", page(m.CreateTakingBack))
				r.Get("/agenda", page(m.Compose))
				r.Post("/agenda", page(m.CreateItem))
				r.Get("/agenda/nieuw", page(m.NewItem))
				r.Post("/agenda/voorstellen", page(m.CreateScheduling))
				r.Post("/agenda/volgorde", page(m.CreateOrder))
				r.Get("/agenda/{item}/bewerken", page(m.EditItem))
				r.Post("/agenda/{item}/bewerken", page(m.UpdateItem))
				r.Post("/agenda/{item}/plaats", page(m.CreateMove))
				r.Get("/lezers", page(who.Show))
				r.Get("/lezers.csv", page(who.Export))
				r.Get("/agenda/{item}/lezers", page(who.Show))
				r.Get("/agenda/{item}/lezers.csv", page(who.Export))
				r.Get("/agenda/{item}/besluit", page(m.NewDecision))
				r.Post("/agenda/{item}/besluit", page(m.CreateDecision))
				r.Post("/agenda/{item}/besluit/publicatie", page(m.CreateDecisionPublication))
				r.Get("/agenda/{item}/besluit/openbaarmaking", page(m.NewDisclosure))
				r.Post("/agenda/{item}/besluit/openbaarmaking", page(m.CreateDisclosure))
				r.Get("/agenda/{item}/verwijdering", page(m.NewRemoval))
				r.Post("/agenda/{item}/verwijdering", page(m.CreateRemoval))
				r.Post("/agenda/{item}/bijlagen", page(m.CreateAttachment))
				r.Post("/agenda/{item}/bijlagen/{attachment}/verwijdering", page(m.DeleteAttachment))
				r.Get("/delen/nieuw", page(m.NewSection))
				r.Post("/delen", page(m.CreateSection))
				r.Get("/delen/{section}/bewerken", page(m.EditSection))
				r.Post("/delen/{section}/bewerken", page(m.UpdateSection))
				r.Post("/delen/{section}/verwijdering", page(m.DeleteSection))
			})
		})
	})

	who.Again = r
	return r
}

// around puts the guards around the addresses, with the one that gives back what a request left. What needs no session stands
// before it.
func (a App) around(addresses *chi.Mux, tidied func(http.Handler) http.Handler) http.Handler {
	compress, err := gzhttp.NewWrapper(gzhttp.MinSize(1024), gzhttp.CompressionLevel(1))
	if err != nil {
		panic(err) // the options above are constants
	}
	outer := http.NewServeMux()
	outer.Handle(static.Prefix, static.Handler())
	outer.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	outer.HandleFunc("GET /readyz", a.ready)
	outer.HandleFunc("GET /.well-known/security.txt", a.securityTxt)
	site := a.signedIn(addresses)
	outer.Handle("/", site)

	var h http.Handler = outer
	own := http.NewCrossOriginProtection()
	own.SetDenyHandler(http.HandlerFunc(fromElsewhere))
	h = own.Handler(h)
	h = compress(h)
	h = a.limits(tidied(h)) // what comes from memory reads nothing of a request and waits for nobody
	h = a.snapshot.Before(h, site, func(path string) bool {
		at := chi.NewRouteContext()
		return addresses.Match(at, http.MethodGet, path) && publicPages[at.RoutePattern()]
	})
	h = logged(h)
	return headers(a.secure())(h)
}

// secure tells whether readers reach the site by https.
func (a App) secure() bool { return strings.HasPrefix(a.BaseURL, "https://") }
