namespace Catbox.Policy;

// The numbers of include/uapi/asm-generic/errno-base.h and errno.h (the same on x86-64 and arm64), and those of include/linux/errno.h that
// the kernel keeps to itself but that a tracer sees at a system call's exit.
public readonly partial record struct Errno
{
    private static readonly string?[] Names = NamesByNumber();

    private string Name => (uint)Value < (uint)Names.Length && Names[Value] is { } name ? name : "errno " + Value;

    /// <summary>1: Operation not permitted.</summary>
    public static Errno EPERM => new(1);
    /// <summary>2: No such file or directory.</summary>
    public static Errno ENOENT => new(2);
    /// <summary>3: No such process.</summary>
    public static Errno ESRCH => new(3);
    /// <summary>4: Interrupted system call.</summary>
    public static Errno EINTR => new(4);
    /// <summary>5: Input or output error.</summary>
    public static Errno EIO => new(5);
    /// <summary>6: No such device or address.</summary>
    public static Errno ENXIO => new(6);
    /// <summary>7: Argument list too long.</summary>
    public static Errno E2BIG => new(7);
    /// <summary>8: Exec format error.</summary>
    public static Errno ENOEXEC => new(8);
    /// <summary>9: Bad file descriptor.</summary>
    public static Errno EBADF => new(9);
    /// <summary>10: No child processes.</summary>
    public static Errno ECHILD => new(10);
    /// <summary>11: Try again.</summary>
    public static Errno EAGAIN => new(11);
    /// <summary>Another name of EAGAIN.</summary>
    public static Errno EWOULDBLOCK => EAGAIN;
    /// <summary>12: Out of memory.</summary>
    public static Errno ENOMEM => new(12);
    /// <summary>13: Permission denied (a path, or a mode).</summary>
    public static Errno EACCES => new(13);
    /// <summary>14: Bad address.</summary>
    public static Errno EFAULT => new(14);
    /// <summary>15: Block device required.</summary>
    public static Errno ENOTBLK => new(15);
    /// <summary>16: Device or resource busy.</summary>
    public static Errno EBUSY => new(16);
    /// <summary>17: File exists.</summary>
    public static Errno EEXIST => new(17);
    /// <summary>18: Cross-device link.</summary>
    public static Errno EXDEV => new(18);
    /// <summary>19: No such device.</summary>
    public static Errno ENODEV => new(19);
    /// <summary>20: Not a directory.</summary>
    public static Errno ENOTDIR => new(20);
    /// <summary>21: Is a directory.</summary>
    public static Errno EISDIR => new(21);
    /// <summary>22: Invalid argument.</summary>
    public static Errno EINVAL => new(22);
    /// <summary>23: File table overflow.</summary>
    public static Errno ENFILE => new(23);
    /// <summary>24: Too many open files.</summary>
    public static Errno EMFILE => new(24);
    /// <summary>25: Not a terminal, or not a request that the object knows.</summary>
    public static Errno ENOTTY => new(25);
    /// <summary>26: Text file busy.</summary>
    public static Errno ETXTBSY => new(26);
    /// <summary>27: File too large.</summary>
    public static Errno EFBIG => new(27);
    /// <summary>28: No space left on device.</summary>
    public static Errno ENOSPC => new(28);
    /// <summary>29: Illegal seek.</summary>
    public static Errno ESPIPE => new(29);
    /// <summary>30: Read-only file system.</summary>
    public static Errno EROFS => new(30);
    /// <summary>31: Too many links.</summary>
    public static Errno EMLINK => new(31);
    /// <summary>32: Broken pipe.</summary>
    public static Errno EPIPE => new(32);
    /// <summary>33: Argument out of a function's domain.</summary>
    public static Errno EDOM => new(33);
    /// <summary>34: Result not representable.</summary>
    public static Errno ERANGE => new(34);
    /// <summary>35: Resource deadlock would occur.</summary>
    public static Errno EDEADLK => new(35);
    /// <summary>Another name of EDEADLK.</summary>
    public static Errno EDEADLOCK => EDEADLK;
    /// <summary>36: File name too long.</summary>
    public static Errno ENAMETOOLONG => new(36);
    /// <summary>37: No record locks available.</summary>
    public static Errno ENOLCK => new(37);
    /// <summary>38: No such system call.</summary>
    public static Errno ENOSYS => new(38);
    /// <summary>39: Directory not empty.</summary>
    public static Errno ENOTEMPTY => new(39);
    /// <summary>40: Too many symbolic links encountered.</summary>
    public static Errno ELOOP => new(40);
    /// <summary>42: No message of desired type.</summary>
    public static Errno ENOMSG => new(42);
    /// <summary>43: Identifier removed.</summary>
    public static Errno EIDRM => new(43);
    /// <summary>44: Channel number out of range.</summary>
    public static Errno ECHRNG => new(44);
    /// <summary>45: Level 2 not synchronized.</summary>
    public static Errno EL2NSYNC => new(45);
    /// <summary>46: Level 3 halted.</summary>
    public static Errno EL3HLT => new(46);
    /// <summary>47: Level 3 reset.</summary>
    public static Errno EL3RST => new(47);
    /// <summary>48: Link number out of range.</summary>
    public static Errno ELNRNG => new(48);
    /// <summary>49: Protocol driver not attached.</summary>
    public static Errno EUNATCH => new(49);
    /// <summary>50: No CSI structure available.</summary>
    public static Errno ENOCSI => new(50);
    /// <summary>51: Level 2 halted.</summary>
    public static Errno EL2HLT => new(51);
    /// <summary>52: Invalid exchange.</summary>
    public static Errno EBADE => new(52);
    /// <summary>53: Invalid request descriptor.</summary>
    public static Errno EBADR => new(53);
    /// <summary>54: Exchange full.</summary>
    public static Errno EXFULL => new(54);
    /// <summary>55: No anode.</summary>
    public static Errno ENOANO => new(55);
    /// <summary>56: Invalid request code.</summary>
    public static Errno EBADRQC => new(56);
    /// <summary>57: Invalid slot.</summary>
    public static Errno EBADSLT => new(57);
    /// <summary>59: Bad font file format.</summary>
    public static Errno EBFONT => new(59);
    /// <summary>60: Device not a stream.</summary>
    public static Errno ENOSTR => new(60);
    /// <summary>61: No data available.</summary>
    public static Errno ENODATA => new(61);
    /// <summary>62: Timer expired.</summary>
    public static Errno ETIME => new(62);
    /// <summary>63: Out of streams resources.</summary>
    public static Errno ENOSR => new(63);
    /// <summary>64: Machine is not on the network.</summary>
    public static Errno ENONET => new(64);
    /// <summary>65: Package not installed.</summary>
    public static Errno ENOPKG => new(65);
    /// <summary>66: Object is remote.</summary>
    public static Errno EREMOTE => new(66);
    /// <summary>67: Link has been severed.</summary>
    public static Errno ENOLINK => new(67);
    /// <summary>68: Advertise error.</summary>
    public static Errno EADV => new(68);
    /// <summary>69: Srmount error.</summary>
    public static Errno ESRMNT => new(69);
    /// <summary>70: Communication error on send.</summary>
    public static Errno ECOMM => new(70);
    /// <summary>71: Protocol error.</summary>
    public static Errno EPROTO => new(71);
    /// <summary>72: Multihop attempted.</summary>
    public static Errno EMULTIHOP => new(72);
    /// <summary>73: RFS specific error.</summary>
    public static Errno EDOTDOT => new(73);
    /// <summary>74: Not a data message.</summary>
    public static Errno EBADMSG => new(74);
    /// <summary>75: Value too large for defined data type.</summary>
    public static Errno EOVERFLOW => new(75);
    /// <summary>76: Name not unique on network.</summary>
    public static Errno ENOTUNIQ => new(76);
    /// <summary>77: File descriptor in bad state.</summary>
    public static Errno EBADFD => new(77);
    /// <summary>78: Remote address changed.</summary>
    public static Errno EREMCHG => new(78);
    /// <summary>79: Can not access a needed shared library.</summary>
    public static Errno ELIBACC => new(79);
    /// <summary>80: Accessing a corrupted shared library.</summary>
    public static Errno ELIBBAD => new(80);
    /// <summary>81: .lib section in a.out corrupted.</summary>
    public static Errno ELIBSCN => new(81);
    /// <summary>82: Attempting to link in too many shared libraries.</summary>
    public static Errno ELIBMAX => new(82);
    /// <summary>83: Cannot exec a shared library directly.</summary>
    public static Errno ELIBEXEC => new(83);
    /// <summary>84: Illegal byte sequence.</summary>
    public static Errno EILSEQ => new(84);
    /// <summary>85: Interrupted system call should be restarted.</summary>
    public static Errno ERESTART => new(85);
    /// <summary>86: Streams pipe error.</summary>
    public static Errno ESTRPIPE => new(86);
    /// <summary>87: Too many users.</summary>
    public static Errno EUSERS => new(87);
    /// <summary>88: Socket operation on non-socket.</summary>
    public static Errno ENOTSOCK => new(88);
    /// <summary>89: Destination address required.</summary>
    public static Errno EDESTADDRREQ => new(89);
    /// <summary>90: Message too long.</summary>
    public static Errno EMSGSIZE => new(90);
    /// <summary>91: Protocol wrong type for socket.</summary>
    public static Errno EPROTOTYPE => new(91);
    /// <summary>92: Protocol not available.</summary>
    public static Errno ENOPROTOOPT => new(92);
    /// <summary>93: Protocol not supported.</summary>
    public static Errno EPROTONOSUPPORT => new(93);
    /// <summary>94: Socket type not supported.</summary>
    public static Errno ESOCKTNOSUPPORT => new(94);
    /// <summary>95: Operation not supported on transport endpoint.</summary>
    public static Errno EOPNOTSUPP => new(95);
    /// <summary>96: Protocol family not supported.</summary>
    public static Errno EPFNOSUPPORT => new(96);
    /// <summary>97: Address family not supported by protocol.</summary>
    public static Errno EAFNOSUPPORT => new(97);
    /// <summary>98: Address already in use.</summary>
    public static Errno EADDRINUSE => new(98);
    /// <summary>99: Cannot assign requested address.</summary>
    public static Errno EADDRNOTAVAIL => new(99);
    /// <summary>100: Network is down.</summary>
    public static Errno ENETDOWN => new(100);
    /// <summary>101: Network is unreachable.</summary>
    public static Errno ENETUNREACH => new(101);
    /// <summary>102: Network dropped connection because of reset.</summary>
    public static Errno ENETRESET => new(102);
    /// <summary>103: Software caused connection abort.</summary>
    public static Errno ECONNABORTED => new(103);
    /// <summary>104: Connection reset by peer.</summary>
    public static Errno ECONNRESET => new(104);
    /// <summary>105: No buffer space available.</summary>
    public static Errno ENOBUFS => new(105);
    /// <summary>106: Transport endpoint is already connected.</summary>
    public static Errno EISCONN => new(106);
    /// <summary>107: Transport endpoint is not connected.</summary>
    public static Errno ENOTCONN => new(107);
    /// <summary>108: Cannot send after transport endpoint shutdown.</summary>
    public static Errno ESHUTDOWN => new(108);
    /// <summary>109: Too many references: cannot splice.</summary>
    public static Errno ETOOMANYREFS => new(109);
    /// <summary>110: Connection timed out.</summary>
    public static Errno ETIMEDOUT => new(110);
    /// <summary>111: Connection refused.</summary>
    public static Errno ECONNREFUSED => new(111);
    /// <summary>112: Host is down.</summary>
    public static Errno EHOSTDOWN => new(112);
    /// <summary>113: No route to host.</summary>
    public static Errno EHOSTUNREACH => new(113);
    /// <summary>114: Operation already in progress.</summary>
    public static Errno EALREADY => new(114);
    /// <summary>115: Operation now in progress.</summary>
    public static Errno EINPROGRESS => new(115);
    /// <summary>116: Stale file handle.</summary>
    public static Errno ESTALE => new(116);
    /// <summary>117: Structure needs cleaning.</summary>
    public static Errno EUCLEAN => new(117);
    /// <summary>118: Not a XENIX named type file.</summary>
    public static Errno ENOTNAM => new(118);
    /// <summary>119: No XENIX semaphores available.</summary>
    public static Errno ENAVAIL => new(119);
    /// <summary>120: Is a named type file.</summary>
    public static Errno EISNAM => new(120);
    /// <summary>121: Remote I/O error.</summary>
    public static Errno EREMOTEIO => new(121);
    /// <summary>122: Quota exceeded.</summary>
    public static Errno EDQUOT => new(122);
    /// <summary>123: No medium found.</summary>
    public static Errno ENOMEDIUM => new(123);
    /// <summary>124: Wrong medium type.</summary>
    public static Errno EMEDIUMTYPE => new(124);
    /// <summary>125: Operation canceled.</summary>
    public static Errno ECANCELED => new(125);
    /// <summary>126: Required key not available.</summary>
    public static Errno ENOKEY => new(126);
    /// <summary>127: Key has expired.</summary>
    public static Errno EKEYEXPIRED => new(127);
    /// <summary>128: Key has been revoked.</summary>
    public static Errno EKEYREVOKED => new(128);
    /// <summary>129: Key was rejected by service.</summary>
    public static Errno EKEYREJECTED => new(129);
    /// <summary>130: Owner died.</summary>
    public static Errno EOWNERDEAD => new(130);
    /// <summary>131: State not recoverable.</summary>
    public static Errno ENOTRECOVERABLE => new(131);
    /// <summary>132: Operation not possible due to RF-kill.</summary>
    public static Errno ERFKILL => new(132);
    /// <summary>133: Memory page has hardware error.</summary>
    public static Errno EHWPOISON => new(133);
    /// <summary>512, seen by a tracer only. Interrupted: made again after a handler with SA_RESTART, EINTR otherwise.</summary>
    public static Errno ERESTARTSYS => new(512);
    /// <summary>513, seen by a tracer only. Interrupted: always made again.</summary>
    public static Errno ERESTARTNOINTR => new(513);
    /// <summary>514, seen by a tracer only. Interrupted: made again where no handler runs.</summary>
    public static Errno ERESTARTNOHAND => new(514);
    /// <summary>516, seen by a tracer only. Interrupted: goes on by restart_syscall.</summary>
    public static Errno ERESTART_RESTARTBLOCK => new(516);

    private static string?[] NamesByNumber()
    {
        var names = new string?[ERESTART_RESTARTBLOCK.Value + 1];
        names[0] = "no error";
        string[] first =
        [
            "EPERM", "ENOENT", "ESRCH", "EINTR", "EIO", "ENXIO", "E2BIG", "ENOEXEC", "EBADF", "ECHILD",
            "EAGAIN", "ENOMEM", "EACCES", "EFAULT", "ENOTBLK", "EBUSY", "EEXIST", "EXDEV", "ENODEV", "ENOTDIR",
            "EISDIR", "EINVAL", "ENFILE", "EMFILE", "ENOTTY", "ETXTBSY", "EFBIG", "ENOSPC", "ESPIPE", "EROFS",
            "EMLINK", "EPIPE", "EDOM", "ERANGE", "EDEADLK", "ENAMETOOLONG", "ENOLCK", "ENOSYS", "ENOTEMPTY", "ELOOP",
            "", "ENOMSG", "EIDRM", "ECHRNG", "EL2NSYNC", "EL3HLT", "EL3RST", "ELNRNG", "EUNATCH", "ENOCSI",
            "EL2HLT", "EBADE", "EBADR", "EXFULL", "ENOANO", "EBADRQC", "EBADSLT", "", "EBFONT", "ENOSTR",
            "ENODATA", "ETIME", "ENOSR", "ENONET", "ENOPKG", "EREMOTE", "ENOLINK", "EADV", "ESRMNT", "ECOMM",
            "EPROTO", "EMULTIHOP", "EDOTDOT", "EBADMSG", "EOVERFLOW", "ENOTUNIQ", "EBADFD", "EREMCHG", "ELIBACC", "ELIBBAD",
            "ELIBSCN", "ELIBMAX", "ELIBEXEC", "EILSEQ", "ERESTART", "ESTRPIPE", "EUSERS", "ENOTSOCK", "EDESTADDRREQ", "EMSGSIZE",
            "EPROTOTYPE", "ENOPROTOOPT", "EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "EOPNOTSUPP", "EPFNOSUPPORT",
            "EAFNOSUPPORT", "EADDRINUSE", "EADDRNOTAVAIL", "ENETDOWN",
            "ENETUNREACH", "ENETRESET", "ECONNABORTED", "ECONNRESET", "ENOBUFS", "EISCONN", "ENOTCONN", "ESHUTDOWN", "ETOOMANYREFS", "ETIMEDOUT",
            "ECONNREFUSED", "EHOSTDOWN", "EHOSTUNREACH", "EALREADY", "EINPROGRESS", "ESTALE", "EUCLEAN", "ENOTNAM", "ENAVAIL", "EISNAM",
            "EREMOTEIO", "EDQUOT", "ENOMEDIUM", "EMEDIUMTYPE", "ECANCELED", "ENOKEY", "EKEYEXPIRED", "EKEYREVOKED", "EKEYREJECTED", "EOWNERDEAD",
            "ENOTRECOVERABLE", "ERFKILL", "EHWPOISON",
        ];
        for (var i = 0; i < first.Length; i++)
        {
            // 41 and 58 belong to no error: EWOULDBLOCK and EDEADLOCK stood there once.
            names[i + 1] = first[i].Length == 0 ? null : first[i];
        }

        names[ERESTARTSYS.Value] = nameof(ERESTARTSYS);
        names[ERESTARTNOINTR.Value] = nameof(ERESTARTNOINTR);
        names[ERESTARTNOHAND.Value] = nameof(ERESTARTNOHAND);
        names[ERESTART_RESTARTBLOCK.Value] = nameof(ERESTART_RESTARTBLOCK);
        return names;
    }
}
