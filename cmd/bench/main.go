// Command bench measures the product against bare handlers in the same run, on a throw-away database of its own; see
// docs/prestaties.md.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"regiogriffie/internal/memory"
	"regiogriffie/internal/postgres/embedded"
	"regiogriffie/web"
)

// options are what can be set.
type options struct {
	program  string
	hold     bool
	only     string
	json     string
	profile  string
	meetings int
	size     int
	sizes    []int
	rounds   int
	each     time.Duration
	budget   time.Duration
}

func main() {
	var o options
	var sizes string
	flag.StringVar(&o.program, "program", "bin/regiogriffie", "the built program")
	flag.BoolVar(&o.hold, "hold", false, "afterwards tell where the databases are, and keep them until an interrupt")
	flag.StringVar(&o.only, "only", "", "measure only the pages with this in their name")
	flag.StringVar(&o.json, "json", "", "file for the figures as JSON; - for standard output")
	flag.StringVar(&o.profile, "profile", "", "folder for a CPU profile of each page at the most connections")
	flag.IntVar(&o.meetings, "meetings", 2000, "meetings of 30 items")
	flag.IntVar(&o.size, "proposals", 20_000, "proposals in the main measurement")
	flag.StringVar(&sizes, "sizes", "1000,1000000", "proposals at which the cost of a page is compared; one that does not fit in the time is left out")
	flag.IntVar(&o.rounds, "rounds", 3, "repeats of each measurement, of which the median counts")
	flag.DurationVar(&o.each, "each", 700*time.Millisecond, "how long one measurement takes")
	flag.DurationVar(&o.budget, "budget", 10*time.Minute, "how long all may take")
	flag.Parse()
	for s := range strings.SplitSeq(sizes, ",") {
		n, err := strconv.Atoi(s)
		if s != "" && (err != nil || n < 100) {
			fmt.Fprintf(os.Stderr, "bench: -sizes has %q; expected numbers from 100\n", s)
			os.Exit(2)
		} else if s != "" {
			o.sizes = append(o.sizes, n)
		}
	}
	memory.Settle() // as the program does
	// As in production every request is logged; where to costs nothing here.
	slog.SetDefault(slog.New(web.Logged{Handler: slog.NewTextHandler(io.Discard, nil)}))
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeout(ctx, o.budget+time.Minute)
	err := run(ctx, o, os.Stdout)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// report is everything that was measured.
type report struct {
	At        time.Time `json:"at"`
	Machine   string    `json:"machine"`
	Meetings  int       `json:"meetings"`
	Proposals int       `json:"proposals"`
	Rounds    int       `json:"rounds"`
	Pages     []measure `json:"pages"`
	Process   process   `json:"process"`
	Growth    []growth  `json:"growth"`
	LeftOut   []string  `json:"left_out,omitempty"`
	Took      float64   `json:"took_s"`
}

// measure is one page: what it costs, and how it does at each number of connections.
type measure struct {
	Page string `json:"page"`
	cost
	At   []at  `json:"at"`
	Calm *calm `json:"calm,omitempty"` // of a page that everyone may see
}

// calm is how long an answer takes when the machine has time left: medians of the rounds.
type calm struct {
	PerSecond float64 `json:"per_second"`
	P50       float64 `json:"p50_ms"`
	P99       float64 `json:"p99_ms"`
	Tail      float64 `json:"p99_over_p50"`
	BareP50   float64 `json:"bare_p50_ms"` // of the bytes from memory
	BareP99   float64 `json:"bare_p99_ms"`
	BareTail  float64 `json:"bare_p99_over_p50"`
}

type at struct {
	Connections int `json:"connections"`
	result          // medians of the rounds
	// Tail of the bare handlers, in the order of the shares: p99 over p50, what the machine and who asks make of it.
	Tails [3]float64 `json:"p99_over_p50_of_bare"`
	// Shares of requests per second: medians of the share in each round.
	OfMemory  float64 `json:"share_of_memory"`
	OfQueries float64 `json:"share_of_queries"`
	OfDecoded float64 `json:"share_of_decoded"`
	// Processor time of an answer, of program, database and who asks together, and the share of it that the same questions take.
	Cost          float64 `json:"processor_ms"`
	CostOfQueries float64 `json:"share_of_queries_by_processor_time"`
}

// growth is the median time of a page at one connection, per number of proposals.
type growth struct {
	Page   string             `json:"page"`
	Millis map[string]float64 `json:"p50_ms"`
	Factor float64            `json:"factor"` // of the largest to the smallest
}

var connections = []int{1, 16, 64}

func run(ctx context.Context, o options, out io.Writer) (err error) {
	begin := time.Now()
	said := func(format string, args ...any) {
		fmt.Fprintf(os.Stderr, "%4.0f s  "+format+"\n", append([]any{time.Since(begin).Seconds()}, args...)...)
	}
	folder, err := os.MkdirTemp("", "regiogriffie-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	server, err := embedded.StartTemporary(ctx, slog.New(slog.NewTextHandler(os.Stderr, nil)), embedded.Options{
		Bin: os.Getenv("REGIOGRIFFIE_POSTGRES_BIN"), Settings: map[string]string{"shared_buffers": "256MB", "max_wal_size": "4GB", "maintenance_work_mem": "256MB"},
	})
	if err != nil {
		return fmt.Errorf("starting a database: %w", err)
	}
	defer func() { err = errors.Join(err, server.Stop()) }()

	r := report{At: begin, Machine: machine(), Meetings: o.meetings, Proposals: o.size, Rounds: o.rounds}
	sizeOf := func(n int) size { return size{Meetings: o.meetings, Items: 30, Proposals: n, Trusted: true} }
	w, err := openSite(ctx, server.URL(), "pages", sizeOf(o.size), folder)
	if err != nil {
		return err
	}
	defer w.close()
	said("%d proposals loaded", o.size)
	// The slowest to load come first: what does not fit in the time is known, and said, at the start.
	sizes, left, err := loadSizes(ctx, server.URL(), folder, o, sizeOf, begin, said)
	defer func() {
		for _, each := range sizes {
			each.close()
		}
	}()
	if err != nil {
		return err
	}
	r.LeftOut = left
	for _, p := range w.found.pages() {
		if !strings.Contains(p.Name, o.only) {
			continue
		}
		m, err := w.measure(ctx, p, o)
		if err != nil {
			return err
		}
		r.Pages = append(r.Pages, m)
		said("%s", p.Name)
	}
	if r.Process, err = measureProcess(ctx, o.program, w, folder, starts, o.each); err != nil {
		return err
	}
	said("memory and cold start")
	if r.Growth, err = grow(ctx, sizes, o.each); err != nil {
		return err
	}
	r.Took = time.Since(begin).Seconds()
	if err := r.write(out, o); err != nil || !o.hold {
		return err
	}
	fmt.Fprintln(out, "\n"+server.URL())
	<-ctx.Done()
	return nil
}

// measure asks the product and the bare handlers in turn, so that what else the machine does strikes them alike.
func (w *site) measure(ctx context.Context, p page, o options) (measure, error) {
	c, product, err := w.cost(p)
	if err != nil {
		return measure{}, err
	}
	m := measure{Page: p.Name, cost: c}
	work, err := newProcessor(ctx, w.pool)
	if err != nil {
		return measure{}, err
	}
	for _, n := range connections {
		t, err := w.turns(ctx, product, n, o, work)
		if err != nil {
			return measure{}, err
		}
		m.At = append(m.At, t.at(n))
	}
	if p.cookie == "" {
		if m.Calm, err = w.calm(ctx, product, o); err != nil {
			return measure{}, err
		}
	}
	if o.profile != "" {
		err = w.profile(ctx, product, p.Name, o.profile)
	}
	return m, err
}

// turns are what the product and the bare handlers did when asked in turn, round after round.
type turns struct {
	rounds [4][]result
	costs  [4][]float64 // of one answer, in ms
}

func (w *site) turns(ctx context.Context, product ask, connections int, o options, work processor) (t turns, err error) {
	for range o.rounds {
		for i, path := range []string{product.path, fromMemory, withQueries, withDecoded} {
			a := ask{path, "", product.length}
			if i == 0 {
				a = product
			}
			before := work.used()
			seen, err := load(ctx, w.addr, a, connections, o.each)
			if err != nil {
				return t, err
			}
			t.rounds[i] = append(t.rounds[i], seen)
			t.costs[i] = append(t.costs[i], float64(work.used()-before)/float64(time.Millisecond)/float64(seen.answers))
		}
	}
	return t, nil
}

// of is the median of what is told of each round.
func (t turns) of(get func(round int) float64) float64 {
	var all []float64
	for i := range t.rounds[0] {
		all = append(all, get(i))
	}
	return median(all)
}

func (t turns) at(connections int) at {
	share := func(with int) float64 {
		return t.of(func(i int) float64 { return t.rounds[0][i].PerSecond / t.rounds[with][i].PerSecond })
	}
	tail := func(with int) float64 {
		return t.of(func(i int) float64 { return t.rounds[with][i].P99 / t.rounds[with][i].P50 })
	}
	return at{
		Connections: connections,
		result: result{
			PerSecond: t.of(func(i int) float64 { return t.rounds[0][i].PerSecond }),
			P50:       t.of(func(i int) float64 { return t.rounds[0][i].P50 }),
			P99:       t.of(func(i int) float64 { return t.rounds[0][i].P99 }),
			Refused:   t.of(func(i int) float64 { return t.rounds[0][i].Refused }),
		},
		OfMemory: share(1), OfQueries: share(2), OfDecoded: share(3), Tails: [3]float64{tail(1), tail(2), tail(3)},
		Cost: median(t.costs[0]), CostOfQueries: t.of(func(i int) float64 { return t.costs[2][i] / max(t.costs[0][i], 1e-9) }),
	}
}

// calm asks at a pace far below what the machine can do, long enough to see the page made anew.
func (w *site) calm(ctx context.Context, product ask, o options) (*calm, error) {
	const pace = 16 * time.Millisecond
	var p50, p99, tail [2][]float64
	var c calm
	for range o.rounds {
		for i, path := range []string{product.path, fromMemory} {
			a := product
			if a.path = path; i == 1 {
				a.cookie = ""
			}
			seen, err := paced(ctx, w.addr, a, 16, 3*o.each, pace)
			if err != nil {
				return nil, err
			}
			if i == 0 {
				c.PerSecond = seen.PerSecond
			}
			p50[i], p99[i], tail[i] = append(p50[i], seen.P50), append(p99[i], seen.P99), append(tail[i], seen.P99/seen.P50)
		}
	}
	c.P50, c.P99, c.Tail = median(p50[0]), median(p99[0]), median(tail[0])
	c.BareP50, c.BareP99, c.BareTail = median(p50[1]), median(p99[1]), median(tail[1])
	return &c, nil
}

func (w *site) profile(ctx context.Context, a ask, name, folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	f, err := os.Create(filepath.Join(folder, strings.NewReplacer(" ", "-", ",", "").Replace(name)+".pprof"))
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	_, err = load(ctx, w.addr, a, connections[len(connections)-1], 5*time.Second)
	return err
}

// rounds of the comparison of sizes.
const growing = 5

// measuring is about how long all measurements take, loading apart.
func (o options) measuring() time.Duration {
	pages := 0
	for _, p := range (addresses{}).pages() {
		if strings.Contains(p.Name, o.only) {
			pages++
		}
	}
	each := pages*len(connections)*4*o.rounds + pages*6*o.rounds + 6*growing*len(o.sizes) + 6
	return time.Duration(each)*o.each + starts*time.Second + 10*time.Second
}

// starts is how often the program is started cold.
const starts = 7

// sized is a site with the number of its proposals.
type sized struct {
	*site
	proposals int
}

// errSlow ends a loading that would not be ready in time.
var errSlow = errors.New("loading would take too long")

// finishing is how much longer than copying the rows it takes to have the indexes and the statistics too.
const finishing = 1.5

// loadSizes loads the databases that are compared, and says which ones it leaves out because they would not be ready in time.
func loadSizes(ctx context.Context, server, folder string, o options, sizeOf func(int) size, begin time.Time,
	said func(string, ...any),
) (all []sized, left []string, err error) {
	slices.Sort(o.sizes)
	until := begin.Add(o.budget - o.measuring())
	for _, n := range o.sizes {
		s := sizeOf(n)
		s.Pace = func(done, all int, took time.Duration) error {
			rest := time.Duration(finishing*float64(took)*float64(all)/float64(done)) - took
			if done == min(chunk, all) {
				said("%d proposals: ready in about %.0f s, and there are %.0f s for it", n, rest.Seconds(), time.Until(until).Seconds())
			}
			if time.Now().Add(rest).After(until) {
				return errSlow
			}
			return nil
		}
		loading, enough := context.WithDeadline(ctx, until)
		w, err := openSite(loading, server, "growth", s, folder)
		late := errors.Is(err, errSlow) || errors.Is(loading.Err(), context.DeadlineExceeded)
		enough()
		if late && err != nil {
			why := fmt.Sprintf("%d voorstellen: het laden past op deze machine niet in de tijd van %s", n, o.budget)
			said("left out: %s", why)
			left = append(left, why)
			continue
		}
		if err != nil {
			return all, nil, err
		}
		all = append(all, sized{w, n})
		said("%d proposals loaded", n)
	}
	return all, left, nil
}

// grow asks the same pages of databases of several sizes, in turn.
func grow(ctx context.Context, sites []sized, each time.Duration) (all []growth, err error) {
	if len(sites) == 0 {
		return nil, nil
	}
	for i, p := range sites[0].found.pages() {
		seen := make([][]float64, len(sites))
		for range growing {
			for s, w := range sites {
				at := w.found.pages()[i]
				r, err := load(ctx, w.addr, ask{path: at.path, cookie: at.cookie}, 1, each)
				if err != nil {
					return nil, fmt.Errorf("with %d proposals: %w", w.proposals, err)
				}
				seen[s] = append(seen[s], r.P50)
			}
		}
		g := growth{Page: p.Name, Millis: map[string]float64{}}
		for s, w := range sites {
			g.Millis[strconv.Itoa(w.proposals)] = median(seen[s])
		}
		g.Factor = median(seen[len(seen)-1]) / median(seen[0])
		all = append(all, g)
	}
	return all, nil
}

func machine() string {
	model := runtime.GOARCH
	if info, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if _, rest, found := strings.Cut(string(info), "model name\t: "); found {
			model, _, _ = strings.Cut(rest, "\n")
		}
	}
	return fmt.Sprintf("%s, %d cores, %s/%s, %s", model, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// write prints the table and keeps the JSON.
func (r report) write(out io.Writer, o options) error {
	asJSON, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	if o.json == "-" {
		_, err := fmt.Fprintf(out, "%s\n", asJSON)
		return err
	}
	if o.json != "" {
		if err := os.WriteFile(o.json, append(asJSON, '\n'), 0o644); err != nil {
			return err
		}
	}
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(out, "%s, %s\n%d vergaderingen, %d voorstellen, medianen van %d ronden, %.0f s in totaal\n\n", r.At.Format("2006-01-02 15:04"),
		r.Machine, r.Meetings, r.Proposals, r.Rounds, r.Took)
	for _, part := range []func(*tabwriter.Writer){r.underLoad, r.atRest, r.perPage, r.Process.print} {
		part(t)
		t.Flush()
		fmt.Fprintln(out)
	}
	r.bySize(t)
	t.Flush()
	for _, l := range r.LeftOut {
		fmt.Fprintln(out, "weggelaten:", l)
	}
	return nil
}

func (r report) underLoad(t *tabwriter.Writer) {
	fmt.Fprintln(t, "pagina\tverbindingen\tper s\tp50 ms\tp99 ms\tp99/p50\tbij geheugen\tvan geheugen\tvan vragen\tvan gelezen vragen\trekentijd "+
		"ms\tvan vragen\tgeweigerd\t")
	for _, m := range r.Pages {
		for _, a := range m.At {
			fmt.Fprintf(t, "%s\t%d\t%.0f\t%.2f\t%.2f\t%.1f\t%.1f\t%.1f %%\t%.1f %%\t%.1f %%\t%.2f\t%.1f %%\t%.1f %%\t\n", m.Page, a.Connections, a.PerSecond,
				a.P50, a.P99, a.P99/a.P50, a.Tails[0], 100*a.OfMemory, 100*a.OfQueries, 100*a.OfDecoded, a.Cost, 100*a.CostOfQueries, 100*a.Refused)
		}
	}
}

func (r report) atRest(t *tabwriter.Writer) {
	fmt.Fprintln(t, "op een rustig moment\tper s\tp50 ms\tp99 ms\tp99/p50\tgeheugen p50 ms\tp99 ms\tp99/p50\t")
	for _, m := range r.Pages {
		if c := m.Calm; c != nil {
			fmt.Fprintf(t, "%s\t%.0f\t%.2f\t%.2f\t%.1f\t%.2f\t%.2f\t%.1f\t\n", m.Page, c.PerSecond, c.P50, c.P99, c.Tail, c.BareP50, c.BareP99, c.BareTail)
		}
	}
}

func (r report) perPage(t *tabwriter.Writer) {
	fmt.Fprintln(t, "pagina\trondes naar database\tvragen\ttoewijzingen\ttoegewezen kB\tkB\tkB verzonden\t")
	for _, m := range r.Pages {
		fmt.Fprintf(t, "%s\t%.1f\t%d\t%d\t%d\t%.1f\t%.1f\t\n", m.Page, m.RoundTrips, m.Queries, m.Allocations, m.Allocated>>10, float64(m.Bytes)/1000,
			float64(m.WireBytes)/1000)
	}
}

func (p process) print(t *tabwriter.Writer) {
	fmt.Fprintf(t, "programma\t%.1f MB\t\n", float64(p.BinaryBytes)/1e6)
	fmt.Fprintf(t, "koude start (mediaan van %d)\t%.3f s\t\n", p.ColdStarts, p.ColdStart)
	fmt.Fprintf(t, "geheugen in rust\t%.1f MB\t\n", float64(p.IdleBytes)/1e6)
	fmt.Fprintf(t, "geheugen onder belasting, hoogste\t%.1f MB\t\n", float64(p.LoadBytes)/1e6)
}

func (r report) bySize(t *tabwriter.Writer) {
	if len(r.Growth) == 0 {
		return
	}
	var sizes []int
	for s := range r.Growth[0].Millis {
		n, _ := strconv.Atoi(s)
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	fmt.Fprint(t, "p50 in ms, 1 verbinding, bij aantal voorstellen\t")
	for _, n := range sizes {
		fmt.Fprintf(t, "%d\t", n)
	}
	fmt.Fprintln(t, "groei\t")
	for _, g := range r.Growth {
		fmt.Fprintf(t, "%s\t", g.Page)
		for _, n := range sizes {
			fmt.Fprintf(t, "%.2f\t", g.Millis[strconv.Itoa(n)])
		}
		fmt.Fprintf(t, "%.2f\t\n", g.Factor)
	}
}
