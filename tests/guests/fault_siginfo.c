/* A fault's siginfo tells the address (si_addr), and the handler's changes to the machine context count. */
#include "guest.h"
#include <ucontext.h>

static char *page;

static void handler(int signal, siginfo_t *info, void *context)
{
    (void)signal, (void)context;
    CHECK(info->si_addr == page + 5 && info->si_code == SEGV_ACCERR);
    CHECK(mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0);
}

int main(void)
{
    struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(page != MAP_FAILED);
    *(volatile char *)(page + 5) = 42;
    CHECK(page[5] == 42);
    return 0;
}
