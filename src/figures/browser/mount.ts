/**
 * What a figure's output runs in the reader's page. `mountFigure` travels as source text (see
 * source.ts): it must not use anything outside itself, and nothing of Node.
 */

/** What the page needs to make a static figure interactive. */
export interface MountRequest {
  /** Marks the figure's elements: `data-g2lstm-figure`. */
  id: string;
  data: object[];
  layout: Record<string, unknown>;
  width: number;
  height: number;
  alt: string;
  /** What is otherwise where the place is narrow: whole keys of the layout, the height, colour bars. */
  narrow?: {
    layout: Record<string, unknown>;
    height: number;
    colorbar: Record<string, unknown>;
    /** Narrower than this it gets no more: the reader scrolls. */
    least: number;
  };
  /** Pairs of colours, of a light page and of a dark one, in traces and in the layout. */
  dark: { data: readonly (readonly string[])[]; layout: readonly (readonly string[])[] };
  /** Where plotly.js may be, below a project's root, and on a server for all. */
  path: string;
  cdn: string;
  /** Subresource integrity of that very file. */
  integrity: string;
}

interface BrowserPlotly {
  newPlot(node: HTMLElement, data: object[], layout: object, config: object): Promise<unknown>;
  react(node: HTMLElement, data: object[], layout: object): Promise<unknown>;
  relayout(node: HTMLElement, changes: object): Promise<unknown>;
  purge(node: HTMLElement): void;
}

export function mountFigure(request: MountRequest): void {
  type Page = Window & {
    Plotly?: BrowserPlotly;
    define?: unknown;
    module?: unknown;
    exports?: unknown;
  } & Record<symbol, Promise<BrowserPlotly> | undefined>;
  const page = window as unknown as Page;
  const LOADED = Symbol.for('g2lstm.plotly');
  // The figure that this very output brought, where the frontend tells; else all with its id.
  const own = document.currentScript?.parentElement;

  /** Runs the text of plotly.js; to it there is no RequireJS, and no module. */
  function evaluate(code: string): BrowserPlotly {
    if (!/plotly\.js v/.test(code.slice(0, 200))) throw new Error('this is not plotly.js');
    const script = document.createElement('script');
    script.textContent = `(function(){var module={exports:{}},exports=module.exports,define,require;${code}\n})()`;
    document.head.append(script);
    script.remove();
    if (!page.Plotly) throw new Error('plotly.js did not run');
    return page.Plotly;
  }

  async function fetched(url: string, integrity?: string): Promise<BrowserPlotly> {
    const response = await fetch(url, integrity ? { integrity } : {});
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    return evaluate(await response.text());
  }

  /** Pages opened as files may not fetch their neighbours, but may run them. */
  function neighbour(url: string): Promise<BrowserPlotly> {
    return new Promise((resolve, reject) => {
      const names = ['define', 'module', 'exports'] as const;
      const hidden = names.map((name) => page[name]);
      const restore = () => {
        names.forEach((name, i) => {
          if (hidden[i] === undefined) delete page[name];
          else page[name] = hidden[i];
        });
        delete (page as { moduleName?: unknown }).moduleName;
      };
      for (const name of names) page[name] = undefined;
      const script = document.createElement('script');
      script.src = url;
      script.onload = () => {
        restore();
        script.remove();
        if (page.Plotly) resolve(page.Plotly);
        else reject(new Error(`${url} is not plotly.js`));
      };
      script.onerror = () => {
        restore();
        script.remove();
        reject(new Error(`${url} is not there`));
      };
      document.head.append(script);
    });
  }

  /** Jupyter's own pages say where their server's root is. */
  function jupyterBase(): string | undefined {
    const config = document.getElementById('jupyter-config-data')?.textContent;
    if (config) {
      try {
        const base = (JSON.parse(config) as { baseUrl?: string }).baseUrl;
        if (base) return base;
      } catch {
        // not ours to judge
      }
    }
    return document.body.dataset.baseUrl;
  }

  async function findPlotly(): Promise<BrowserPlotly> {
    if (page.Plotly?.newPlot) return page.Plotly;
    const base = jupyterBase();
    const ways: (() => Promise<BrowserPlotly>)[] = [];
    if (base !== undefined) {
      ways.push(() => fetched(`${base.replace(/\/?$/, '/')}files/${request.path}`));
    } else {
      const near = location.protocol === 'file:' ? neighbour : fetched;
      for (const up of ['../', '']) ways.push(() => near(up + request.path));
    }
    ways.push(() => fetched(request.cdn, request.integrity));
    for (const way of ways) {
      try {
        return await way();
      } catch {
        // the next one
      }
    }
    throw new Error('plotly.js is out of reach');
  }

  function darkPage(): boolean {
    const { jpThemeLight, vscodeThemeKind } = document.body.dataset;
    if (jpThemeLight) return jpThemeLight === 'false';
    if (vscodeThemeKind) return /dark/.test(vscodeThemeKind);
    return matchMedia('(prefers-color-scheme: dark)').matches;
  }

  async function draw(place: HTMLElement, Plotly: BrowserPlotly): Promise<void> {
    if (place.dataset.interactive) return;
    place.dataset.interactive = 'drawing';
    const picture = place.querySelector('img');
    const plot = document.createElement('div');
    plot.setAttribute('role', 'figure');
    plot.setAttribute('aria-label', request.alt);
    // drawn behind the picture first, so that the page does not jump
    plot.style.cssText = 'position:absolute;visibility:hidden';
    // Narrower than this a figure is laid out anew instead of squeezed.
    const NARROW = 600;
    const room = () => Math.min(request.width, place.clientWidth || request.width);
    const isNarrow = () => request.narrow !== undefined && room() < Math.min(NARROW, request.width);
    const fitting = () => (isNarrow() ? Math.max(room(), request.narrow!.least) : room());
    let width = fitting();
    let narrow = isNarrow();
    let dark = darkPage();
    place.append(plot);

    /** A copy in the colours of the other kind of page. */
    function repainted<T>(value: T, pairs: readonly (readonly string[])[], toDark: boolean): T {
      let text = JSON.stringify(value);
      for (const [light, night] of pairs)
        text = text.replaceAll(`"${(toDark ? light : night)!}`, `"${(toDark ? night : light)!}`);
      return JSON.parse(text);
    }

    /** The figure as it is drawn here and now, from its beginning. */
    function fitted(): { data: object[]; layout: Record<string, unknown> } {
      const {
        colorbar,
        layout: changes,
        height,
      } = narrow ? request.narrow! : { colorbar: {}, layout: {}, height: request.height };
      const data = request.data.map((trace) =>
        'colorbar' in trace
          ? { ...trace, colorbar: { ...(trace.colorbar as object), ...colorbar } }
          : trace,
      );
      const layout = { ...request.layout, ...changes, width, height, autosize: false };
      return {
        data: dark ? repainted(data, request.dark.data, true) : data,
        layout: dark ? repainted(layout, request.dark.layout, true) : repainted(layout, [], true),
      };
    }

    try {
      const { data, layout } = fitted();
      await Plotly.newPlot(plot, data, layout, {
        displaylogo: false,
        modeBarButtonsToRemove: ['select2d', 'lasso2d', 'autoScale2d'],
        toImageButtonOptions: { format: 'png', scale: 2, filename: 'figure' },
      });
    } catch (error) {
      Plotly.purge(plot);
      plot.remove();
      delete place.dataset.interactive;
      throw error;
    }
    plot.style.cssText = '';
    // what is scrolled must be reachable by the keyboard
    const scrolled = () => {
      if (width > place.clientWidth) place.tabIndex = 0;
      else place.removeAttribute('tabindex');
    };
    scrolled();
    place.style.overflowX = 'auto';
    place.style.overflowY = 'hidden';
    if (picture) picture.style.display = 'none';
    place.dataset.interactive = 'yes';

    const follow = () => {
      if (darkPage() === dark) return;
      dark = !dark;
      // what the reader has moved stays: the live figure is repainted
      const live = plot as unknown as { data: object[]; layout: object };
      void Plotly.react(
        plot,
        repainted(live.data, request.dark.data, dark),
        repainted(live.layout, request.dark.layout, dark),
      );
    };
    const attributes = new MutationObserver(follow);
    const preference = matchMedia('(prefers-color-scheme: dark)');
    // Also called when the figure enters or leaves the page: what is not there listens to nothing, so
    // that outputs which were replaced can be forgotten.
    new ResizeObserver(() => {
      attributes.disconnect();
      preference.removeEventListener('change', follow);
      if (!place.isConnected || place.clientWidth === 0) return;
      attributes.observe(document.body, {
        attributeFilter: ['data-jp-theme-light', 'data-vscode-theme-kind'],
      });
      preference.addEventListener('change', follow);
      follow();
      const before = width;
      width = fitting();
      scrolled();
      if (width === before) return;
      if (narrow === isNarrow()) {
        void Plotly.relayout(plot, { width });
        return;
      }
      narrow = !narrow;
      const { data, layout } = fitted();
      void Plotly.react(plot, data, layout);
    }).observe(place);
  }

  page[LOADED] ??= findPlotly();
  page[LOADED].then(
    (Plotly) => {
      const marked = document.querySelectorAll<HTMLElement>(`[data-g2lstm-figure="${request.id}"]`);
      const places = new Set(marked);
      if (own?.dataset.g2lstmFigure === request.id) places.add(own);
      for (const place of places) draw(place, Plotly).catch((error) => console.warn(error));
    },
    () => {
      // the picture stays; the next figure tries again
      page[LOADED] = undefined;
    },
  );
}
