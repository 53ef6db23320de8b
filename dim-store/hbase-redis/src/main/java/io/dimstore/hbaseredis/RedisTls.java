package io.dimstore.hbaseredis;

import io.dimstore.spi.StoreConfig;
import io.dimstore.spi.StoreException;
import io.dimstore.spi.StoreOption;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * How TLS to Redis is spoken.
 *
 * @param sockets makes the connections
 * @param parameters says whether the certificate must name the host
 */
record RedisTls(SSLSocketFactory sockets, SSLParameters parameters) {

  private static final char[] EMPTY = {};

  /**
   * Null where the options do not ask for it.
   *
   * @throws StoreException INVALID, naming the option whose file cannot be used
   */
  static @Nullable RedisTls of(StoreConfig options) {
    if (!options.get(HBaseRedisOptions.REDIS_TLS)) {
      for (var option :
          new StoreOption<?>[] {
            HBaseRedisOptions.REDIS_TLS_CA, HBaseRedisOptions.REDIS_TLS_KEYSTORE
          }) {
        if (options.find(option) != null) {
          throw StoreException.invalid(
              "Option '" + option.name() + "' needs 'redis.tls' = 'true'.");
        }
      }
      return null;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(options), trusted(options), null);
      SSLParameters parameters = new SSLParameters();
      if (options.get(HBaseRedisOptions.REDIS_TLS_VERIFY_HOST)) {
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
      }
      return new RedisTls(context.getSocketFactory(), parameters);
    } catch (GeneralSecurityException e) {
      throw StoreException.invalid("Option 'redis.tls': " + e.getMessage());
    }
  }

  private static TrustManager @Nullable [] trusted(StoreConfig options) {
    String file = options.find(HBaseRedisOptions.REDIS_TLS_CA);
    if (file == null) {
      return null;
    }
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, EMPTY);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca" + number++, each);
      }
      if (number == 0) {
        throw new GeneralSecurityException("no certificate in it");
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(store);
      return factory.getTrustManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(HBaseRedisOptions.REDIS_TLS_CA.name(), file, e);
    }
  }

  private static KeyManager @Nullable [] keys(StoreConfig options) {
    String file = options.find(HBaseRedisOptions.REDIS_TLS_KEYSTORE);
    if (file == null) {
      return null;
    }
    String secret = options.find(HBaseRedisOptions.REDIS_TLS_KEYSTORE_PASSWORD);
    char[] password = secret == null ? EMPTY : secret.toCharArray();
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, password);
      return factory.getKeyManagers();
    } catch (IOException | GeneralSecurityException e) {
      throw unusable(HBaseRedisOptions.REDIS_TLS_KEYSTORE.name(), file, e);
    }
  }

  private static StoreException unusable(String option, String file, Exception why) {
    return StoreException.invalid(
        "Option '" + option + "': " + file + " cannot be used: " + why.getMessage());
  }
}
