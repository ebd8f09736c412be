/* What the race guests share. Each of them makes one call again and again while somebody changes what the call's argument says: sometimes it
 * names an object inside (which the policy allows), sometimes the one of the same name outside (which it does not). Whoever judges one reading of the
 * argument and lets the kernel make another is beaten as soon as the change falls between the two.
 *
 *   GUEST race CALL TRIES INSIDE OUTSIDE      tries until it has won or TRIES are over; says `won at N`, or `not won in N: A allowed, R refused, C changes`
 *   GUEST prepare CALL 0 INSIDE OUTSIDE       makes the object outside (run without a sandbox)
 *
 * The name of every object is t. Nothing here believes a result of the raced call: it is won when something outside is not as it was. */
#ifndef RACE_H
#define RACE_H

#include "guest.h"
#include <linux/openat2.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/xattr.h>

struct race;

/* Who changes the argument, and how. */
struct mechanism {
    int memory;                          /* MAP_PRIVATE or MAP_SHARED: the page that the argument lies in */
    int clone_flags;                     /* of the one who changes; CLONE_THREAD for a thread */
    void (*arrange)(struct race *race);  /* sets decoy, dir and path, and makes the directories inside */
    void (*aim)(struct race *race);      /* where the objects themselves must be there first; may be null */
    void (*change)(struct race *race);   /* there and back once */
};

struct race {
    volatile int stop;
    volatile uint64_t changes;
    volatile int cpu;           /* where the call is made */
    const struct mechanism *mechanism;
    const struct call *call;
    const char *inside, *outside;
    int decoy;                  /* a descriptor of the directory inside, wherever it is moved */
    int out;                    /* a descriptor of the directory outside */
    int dir;                    /* the call's descriptor, or AT_FDCWD */
    struct sockaddr_un *address; /* its sun_path is the call's path, so that calls on sockets are raced in the same place */
    int other[2];               /* descriptors that are put into `dir` in turn */
    volatile uint64_t *word;    /* eight bytes that are changed at once, and what they say */
    uint64_t in_word, out_word;
    int socket;                 /* the receiver inside */
    char source[PATH_MAX], moved[PATH_MAX]; /* other names inside */
    int won;                    /* told by calls that see it themselves */
    uint64_t space[256];        /* for address, in such a place that the changed part of the path is one aligned word */
};

static inline char *path_of(struct race *race)
{
    return race->address->sun_path;
}

static inline void pause_some(struct race *race)
{
    for (unsigned i = (unsigned)(race->changes * 2654435761u) >> 26; i > 0; i--)
        __builtin_ia32_pause();
}

#include "race_calls.h"

/* --- the changes that more than one mechanism makes --- */

/* The path is /…/in/////t or /…/out////t: one store changes the one into the other. A call that has something else in memory to change says so. */
static inline void arrange_word(struct race *race)
{
    const char *in = strrchr(race->inside, '/'), *out = strrchr(race->outside, '/');
    size_t common = (size_t)(in - race->inside);
    CHECK(common == (size_t)(out - race->outside) && memcmp(race->inside, race->outside, common) == 0);
    CHECK(strlen(in) < 8 && strlen(out) < 8);
    char words[2][9];
    snprintf(words[0], 9, "%s////////", in);
    snprintf(words[1], 9, "%s////////", out);
    memcpy(&race->in_word, words[0], 8);
    memcpy(&race->out_word, words[1], 8);
    size_t before = offsetof(struct sockaddr_un, sun_path) + common;
    race->address = (struct sockaddr_un *)((char *)race->space + (8 - before % 8) % 8);
    CHECK(before + 10 < sizeof *race->address);
    snprintf(path_of(race), sizeof race->address->sun_path, "%.*s%st", (int)common, race->inside, words[0]);
    race->word = (volatile uint64_t *)(path_of(race) + common);
    CHECK((uintptr_t)race->word % 8 == 0);
    race->dir = AT_FDCWD;
    race->decoy = open(race->inside, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static inline void flip_word(struct race *race)
{
    *race->word = race->out_word;
    pause_some(race);
    *race->word = race->in_word;
    pause_some(race);
}

static inline void set_path(struct race *race, int dir, const char *path)
{
    race->address = (struct sockaddr_un *)race->space;
    race->dir = dir;
    CHECK(strlen(path) < sizeof race->address->sun_path);
    strcpy(path_of(race), path);
}

/* Makes a directory inside and gives its descriptor. */
static inline int directory_inside(struct race *race, const char *name)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", race->inside, name);
    CHECK(mkdir(path, 0755) == 0 || errno == EEXIST);
    int fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(fd >= 0);
    return fd;
}

/* A number that stands now for the one object and now for the other. */
static inline void swap_descriptor(struct race *race)
{
    CHECK(dup2(race->other[1], race->dir) == race->dir);
    pause_some(race);
    CHECK(dup2(race->other[0], race->dir) == race->dir);
    pause_some(race);
}

/* --- the race --- */

/* On one CPU the two would run in turn, and a change fall between two readings only where the scheduler puts it. */
static void keep_apart(struct race *race)
{
    static int cpus;
    unsigned cpu;
    cpu_set_t set;
    if (cpus == 0)
        cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
    /* The C library would look where the kernel tells threads that it made itself, and a CLONE_VM process is none. */
    if (cpus < 2 || syscall(SYS_getcpu, &cpu, NULL, NULL) != 0 || (int)cpu != race->cpu)
        return;
    CPU_ZERO(&set);
    CPU_SET((race->cpu + 1) % cpus, &set);
    sched_setaffinity(0, sizeof set, &set); /* where that CPU is not ours to use, it stays as it is */
}

static int racer(void *argument)
{
    struct race *race = argument;
    if (!(race->mechanism->clone_flags & CLONE_THREAD))
        CHECK(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0);
    while (!race->stop) {
        race->mechanism->change(race);
        race->changes++;
        keep_apart(race);
    }
    return 0;
}

static void *racer_thread(void *argument)
{
    racer(argument);
    return NULL;
}

/* The one who changes must run: without it nothing is raced, and on a busy machine it may not have begun yet. */
static void wait_for_changes(struct race *race, uint64_t more)
{
    for (uint64_t until = race->changes + more; race->changes < until;)
        sched_yield();
}

static int race(int argc, char **argv, const struct mechanism *mechanism)
{
    CHECK(argc == 6);
    long tries = atol(argv[3]), allowed = 0, refused = 0, at = 0;
    struct race *race = mmap(NULL, sizeof *race, PROT_READ | PROT_WRITE, mechanism->memory | MAP_ANONYMOUS, -1, 0);
    CHECK(race != MAP_FAILED);
    race->mechanism = mechanism;
    race->call = find_call(argv[2]);
    race->inside = argv[4];
    race->outside = argv[5];
    snprintf(race->source, sizeof race->source, "%s/source", race->inside);
    snprintf(race->moved, sizeof race->moved, "%s/moved", race->inside);
    race->out = open(race->outside, O_PATH | O_DIRECTORY | O_CLOEXEC);
    CHECK(race->out >= 0);
    if (strcmp(argv[1], "prepare") == 0) {
        make_object(race, race->out);
        return 0;
    }
    CHECK(strcmp(argv[1], "race") == 0);
    mechanism->arrange(race);
    make_object(race, race->decoy);
    if (mechanism->aim)
        mechanism->aim(race);
    if (race->call->aim)
        race->call->aim(race);
    pid_t child = -1;
    pthread_t thread;
    if (mechanism->clone_flags & CLONE_THREAD)
        CHECK(pthread_create(&thread, NULL, racer_thread, race) == 0);
    else
        CHECK((child = clone(racer, stack_top(), mechanism->clone_flags | SIGCHLD, race)) > 0);
    wait_for_changes(race, 2);
    for (long n = 1; n <= tries && at == 0; n++) {
        race->cpu = sched_getcpu();
        long result = race->call->make(race);
        if (result == -EACCES || result == -EPERM)
            refused++;
        else
            allowed++;
        if (has_won(race))
            at = n;
        if (n % 8 == 0)
            make_object(race, race->decoy);
        if (n % 64 == 0)
            wait_for_changes(race, 1);
    }
    race->stop = 1;
    if (child < 0)
        CHECK(pthread_join(thread, NULL) == 0);
    else
        exits_with(child, 0);
    if (at > 0)
        printf("won at %ld\n", at);
    else
        printf("not won in %ld: %ld allowed, %ld refused, %llu changes\n", tries, allowed, refused, (unsigned long long)race->changes);
    return 0;
}

#endif
