package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreException.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hbase.security.User;
import org.apache.hadoop.security.UserGroupInformation;
import org.jspecify.annotations.Nullable;

/**
 * A login by Kerberos for one store: another store, or the process itself, may be somebody else.
 * The connection renews its ticket for as long as it is open.
 */
final class HBaseLogin {

  private static final String KERBEROS = "kerberos";

  private HBaseLogin() {}

  /**
   * Has the client speak Kerberos where the options name who logs in.
   *
   * @throws StoreException INVALID for options that do not fit together, or a keytab that cannot be
   *     read
   */
  static void secure(Configuration settings, StoreConfig config) {
    String principal = config.find(HBaseRedisOptions.KERBEROS_PRINCIPAL);
    String keytab = config.find(HBaseRedisOptions.KERBEROS_KEYTAB);
    if ((principal == null) != (keytab == null)) {
      throw StoreException.invalid(
          "Options 'kerberos.principal' and 'kerberos.keytab' need each other.");
    }
    if (keytab != null) {
      if (!Files.isReadable(Path.of(keytab))) {
        throw StoreException.invalid(
            "Option 'kerberos.keytab': " + keytab + " is no file that can be read.");
      }
      settings.set(User.HBASE_SECURITY_CONF_KEY, KERBEROS);
      settings.set("hadoop.security.authentication", KERBEROS);
    }
  }

  /**
   * Logs in; blocks.
   *
   * @return null where the options name nobody: then it is whoever the process is
   * @throws StoreException DENIED, naming the options
   */
  static @Nullable User user(Configuration settings, StoreConfig config) {
    String principal = config.find(HBaseRedisOptions.KERBEROS_PRINCIPAL);
    String keytab = config.find(HBaseRedisOptions.KERBEROS_KEYTAB);
    if (principal == null || keytab == null) {
      return null;
    }
    try {
      synchronized (UserGroupInformation.class) {
        // Hadoop knows one way of authentication in a process; who logs in is each store's own.
        if (!UserGroupInformation.isSecurityEnabled()) {
          UserGroupInformation.setConfiguration(settings);
        }
      }
      return User.create(UserGroupInformation.loginUserFromKeytabAndReturnUGI(principal, keytab));
    } catch (IOException e) {
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new StoreException(
          Kind.DENIED,
          "HBase: options 'kerberos.principal' = "
              + principal
              + " and 'kerberos.keytab' = "
              + keytab
              + ": "
              + reason.getMessage(),
          e);
    }
  }
}
