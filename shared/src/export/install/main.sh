# ---- Main ----

# What the options say, and what is found out on the way.
FROM='' ROTATE='' AGAIN='' WITH_SECRETS='' EXISTS='' NEW='' GROUP='' URL='' IP='' INSTALLED='' TASK=install

# The options; --help says what each is for.
while (($#)); do
  case $1 in
    --from)
      FROM=${2:?--from needs a URL}
      shift
      ;;
    --rotate) ROTATE=yes ;;
    --secrets) AGAIN=yes ;;
    --with-secrets) WITH_SECRETS=yes ;;
    --status) TASK=status ;;
    --show-secrets) TASK=show_secrets ;;
    --uninstall) TASK=uninstall ;;
    --help | -h) TASK=help ;;
    *) die "expected an option that --help knows, found $1" ;;
  esac
  shift
done

# The task that was asked for, in the app's region and with a login.
if [[ "$TASK" != help ]]; then
  check_tools
  use_region "$REGION"
  check_login
fi
"$TASK"
