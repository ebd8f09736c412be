/* A thread that has something of its own which threads usually share. HOW says how it came by it:
 *   clone        made without the flag (CLONE_FILES or CLONE_FS),
 *   unshare      made with it, and then unshare(2),
 *   close_range  made with it, and then close_range(CLOSE_RANGE_UNSHARE), which parts descriptor tables,
 *   leader       made with it, and then the leader parts from it.
 * The two of them take turns: what one does, the other waits for. */
#ifndef OWN_TABLE_H
#define OWN_TABLE_H

#include "guest.h"

#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE 2
#endif
#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static int to_thread[2], to_leader[2];
static void (*thread_work)(void);
static const char *parted_how;
static int parted_flag;

static inline pid_t tid(void)
{
    return (pid_t)syscall(SYS_gettid);
}

/* Turns: each gives the other one and waits for its own. */
static inline void turn_of_leader(void)
{
    send_byte(to_leader[1]);
    CHECK(wait_byte(to_thread[0]));
}

static inline void turn_of_thread(void)
{
    send_byte(to_thread[1]);
    CHECK(wait_byte(to_leader[0]));
}

static inline void part(void)
{
    if (strcmp(parted_how, "close_range") == 0)
        CHECK(syscall(SYS_close_range, 700, 701, CLOSE_RANGE_UNSHARE) == 0);
    else
        CHECK(unshare(parted_flag) == 0);
}

static inline int thread_begins(void *unused)
{
    (void)unused;
    CHECK(wait_byte(to_thread[0]));
    if (strcmp(parted_how, "unshare") == 0 || strcmp(parted_how, "close_range") == 0)
        part();
    turn_of_leader();
    thread_work();
    send_byte(to_leader[1]);
    syscall(SYS_exit, 0);
    return 0;
}

static inline void *pthread_begins(void *unused)
{
    thread_begins(unused);
    return NULL;
}

/* Starts the thread and comes back when it has parted; its work begins with the next turn. */
static inline void start_apart(const char *how, int flag, void (*work)(void))
{
    thread_work = work;
    parted_how = how;
    parted_flag = flag;
    CHECK(pipe(to_thread) == 0 && pipe(to_leader) == 0);
    if (strcmp(how, "clone") == 0) {
        int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
        CHECK(clone(thread_begins, stack_top(), flags & ~flag, NULL) > 0);
    } else {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, pthread_begins, NULL) == 0);
    }
    if (strcmp(how, "leader") == 0)
        part();
    turn_of_thread();
}

#endif
