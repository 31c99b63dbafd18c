package io.github.vit4j.zoo.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds the Java code of a page against test sources that compile.
 *
 * <p>A region of a source stands between {@code // docs: NAME} and {@code // docs: end}; a page
 * shows it in a {@code java} fence right after the line {@code <!-- docs: NAME -->}.
 */
public final class DocSnippets {

  private static final Pattern BEGIN = Pattern.compile("\\s*// docs: (\\S+)\\s*");
  private static final Pattern MARK = Pattern.compile("<!-- docs: (\\S+) -->");

  private DocSnippets() {}

  /**
   * Fails unless every {@code java} fence of the page is a region of the test class, and every
   * region is shown.
   *
   * @param page a file name in {@code docs}
   */
  public static void assertCompiled(String page, Class<?> testClass) throws IOException {
    Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
    Path source =
        module.resolve("src/test/java").resolve(testClass.getName().replace('.', '/') + ".java");
    Map<String, String> shown = fences(module.resolve("../docs").resolve(page).normalize());
    Map<String, String> compiled = regions(source);
    assertThat(shown).as("%s against %s", page, testClass.getSimpleName()).isEqualTo(compiled);
  }

  /** The regions of a source, by name, without their common indentation. */
  static Map<String, String> regions(Path source) throws IOException {
    Map<String, String> regions = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    String name = "";
    for (String line : Files.readAllLines(source)) {
      Matcher begin = BEGIN.matcher(line);
      if (!begin.matches()) {
        lines.add(line);
      } else if (begin.group(1).equals("end")) {
        regions.put(name, String.join("\n", lines).stripIndent().strip());
      } else {
        name = begin.group(1);
        lines.clear();
      }
    }
    return regions;
  }

  /** The Java fences of a page by the name above each; one without a name is an error. */
  static Map<String, String> fences(Path page) throws IOException {
    Map<String, String> fences = new LinkedHashMap<>();
    List<String> lines = Files.readAllLines(page);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).strip().equals("```java")) {
        Matcher mark = MARK.matcher(i == 0 ? "" : lines.get(i - 1).strip());
        assertThat(mark.matches())
            .as("%s:%d has no <!-- docs: NAME --> above", page, i + 1)
            .isTrue();
        List<String> code = new ArrayList<>();
        for (i++; !lines.get(i).strip().equals("```"); i++) {
          code.add(lines.get(i));
        }
        fences.put(mark.group(1), String.join("\n", code).strip());
      }
    }
    return fences;
  }
}
